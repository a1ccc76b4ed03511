// SPDX-License-Identifier: Apache-2.0
// One of ccxt's clients, used as its users do: watch in a loop, and watch again after an error. Tells on stdout what it sees.
import ccxt from 'ccxt';

const [exchangeName, url] = process.argv.slice(2);
const say = (...words) => console.log(words.join(' '));

const settings = { newUpdates: true };
if (exchangeName === 'deribit') {
    settings.apiKey = 'simulator';
    settings.secret = 'simulator-secret';
}
const exchange = new ccxt.pro[exchangeName](settings);
let symbol;
if (exchangeName === 'deribit') {
    exchange.urls.api.ws = url;
    symbol = 'BTC/USD:BTC';
    exchange.setMarkets([
        exchange.safeMarketStructure({
            id: 'BTC-PERPETUAL', symbol, base: 'BTC', quote: 'USD', settle: 'BTC', type: 'swap', spot: false, swap: true,
            contract: true, inverse: true, linear: false, active: true, contractSize: 10,
            precision: { amount: 10, price: 0.5 },
        }),
    ]);
} else {
    symbol = 'BTC/USDT';
    exchange.urls.api.ws.spot = url;
    exchange.setMarkets([
        exchange.safeMarketStructure({
            id: 'BTCUSDT', lowercaseId: 'btcusdt', symbol, base: 'BTC', quote: 'USDT', type: 'spot', spot: true,
            active: true, precision: { amount: 0.00001, price: 0.01 },
        }),
    ]);
}

await exchange.loadHttpProxyAgent();

async function loop(what, watch) {
    for (;;) {
        try {
            say('data', what, await watch());
        } catch (e) {
            say('error', what, e.constructor.name, String(e.message).slice(0, 120).replaceAll('\n', ' '));
            await new Promise((resolve) => setTimeout(resolve, 100));
        }
    }
}

loop('trades', async () => (await exchange.watchTrades(symbol)).length);
if (exchangeName === 'deribit') {
    loop('ticker', async () => (await exchange.watchTicker(symbol)).last);
    loop('book', async () => (await exchange.watchOrderBook(symbol)).bids.length);
    loop('portfolio', async () => Object.keys(await exchange.watchBalance()).length);
} else {
    loop('ticker', async () => (await exchange.watchTicker(symbol)).last);
}
