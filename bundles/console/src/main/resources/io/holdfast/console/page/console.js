'use strict';

// Everything shown is put in as text, never as markup: ids, causes and server text are foreign.

const byId = id => document.getElementById(id);
const PERIOD = 1000;
const KEY = 'holdfast.token';

let token = sessionStorage.getItem(KEY);
let timer = 0;
let events = [];
let busy = false;

function element(name, text, className) {
  const made = document.createElement(name);
  if (text !== undefined) made.textContent = text;
  if (className) made.className = className;
  return made;
}

function span(millis) {
  if (millis === undefined) return '–';
  if (millis < 1000) return Math.round(millis) + ' ms';
  const s = millis / 1000;
  if (s < 60) return s.toFixed(1) + ' s';
  if (s < 3600) return Math.floor(s / 60) + ' m ' + Math.floor(s % 60) + ' s';
  return Math.floor(s / 3600) + ' h ' + Math.floor(s % 3600 / 60) + ' m';
}

const LEVELS = {OK: 'ok', WARN: 'warn', TEMPORARILY_UNAVAILABLE: 'wait', CRITICAL: 'bad'};

/** What the group decided says more than the state the client is left in. */
function standing(child, client) {
  if (child && child.state === 'GIVEN_UP') return ['GIVEN_UP', 'bad'];
  if (child && child.state === 'STOPPED') return ['STOPPED', 'warn'];
  if (child && child.state === 'RESTARTING') return ['RESTARTING', 'wait'];
  return client ? [client.state, LEVELS[client.health]] : [child.state, 'ok'];
}

function heartbeat(client) {
  const cell = element('td');
  if (!client || !client.heartbeat.type || client.heartbeat.type === 'none') {
    cell.textContent = '–';
    return cell;
  }
  const h = client.heartbeat;
  const own = h.type === 'ping';
  const trouble = h.quarantined ? ' (quarantined)' : h.bound || own ? '' : ' (no plugin)';
  cell.append(element('span', h.type + trouble, trouble ? 'warn' : ''));
  const trip = h.roundTripMicros === undefined ? '' : ', ' + (h.roundTripMicros / 1000).toFixed(2) + ' ms';
  cell.append(element('small', h.answered + ' answered' + (h.missed ? ', ' + h.missed + ' missed' : '') + ', last ' + span(h.lastBeatAgoMillis) + trip));
  return cell;
}

function button(label, order, group, id) {
  const made = element('button', label);
  made.type = 'button';
  made.dataset.order = order;
  made.addEventListener('click', () => give(order, group, id));
  return made;
}

function actions(child, client, group, id) {
  const cell = element('td', undefined, 'orders');
  const halted = child && (child.state === 'STOPPED' || child.state === 'GIVEN_UP');
  if (child) {
    if (halted) {
      cell.append(button('Start', 'start', group, id));
    } else {
      cell.append(button('Restart', 'restart', group, id), button('Stop', 'stop', group, id));
    }
    if (child.restarts > 0 || child.state === 'GIVEN_UP') cell.append(button('Reset', 'reset', group, id));
  }
  if (client && !halted) cell.append(button('Reconnect', 'reconnect', '', id));
  return cell;
}

function row(child, client, group, limit) {
  const id = child ? child.id : client.id;
  const tr = element('tr');
  tr.dataset.id = id;
  const [state, level] = standing(child, client);
  const name = element('td');
  name.append(element('span', id));
  if (client) name.append(element('small', client.uri));
  const stateCell = element('td');
  stateCell.append(element('span', state, 'mark ' + level));
  if (client) stateCell.append(element('small', span(client.metrics.lastMessageAgoMillis) + ' since last message'));
  const traffic = element('td', client ? client.metrics.messagesIn + ' in, ' + client.metrics.messagesOut + ' out' : '–');
  if (client && (client.metrics.dropped || client.metrics.queued)) {
    traffic.append(element('small', client.metrics.queued + ' queued, ' + client.metrics.dropped + ' dropped'));
  }
  const lives = element('td', child ? child.restarts + ' of ' + limit : '–');
  if (client) lives.append(element('small', 'incarnation ' + client.metrics.incarnation + ', connection ' + client.metrics.connection));
  const exit = child ? child.cause : '';
  const words = client ? [...client.findings] : [];
  if (client && client.lastCause && !exit.includes(client.lastCause)) words.push('last: ' + client.lastCause);
  if (exit) words.push('last exit: ' + exit);
  tr.append(name, stateCell, heartbeat(client), traffic, lives, element('td', words.join('; '), 'words'), actions(child, client, group, id));
  return tr;
}

function card(title, note, rows) {
  const section = element('section');
  const h2 = element('h2', title + ' ');
  h2.append(element('small', note));
  const table = element('table');
  const head = element('tr');
  for (const text of ['client', 'state', 'heartbeat', 'messages', 'restarts', 'remarks', '']) head.append(element('th', text));
  table.createTHead().append(head);
  table.createTBody().append(...rows);
  const scroll = element('div', undefined, 'scroll');
  scroll.append(table);
  section.append(h2, scroll);
  return section;
}

function showTree(tree) {
  const cards = [];
  let total = 0, well = 0;
  const count = (child, client) => {
    total++;
    if (standing(child, client)[1] === 'ok') well++;
  };
  for (const g of tree.groups) {
    g.children.forEach(c => count(c, c.client));
    const note = (g.parent ? 'child of group ' + g.parent + '; ' : '') + (g.alive ? '' : 'does not supervise: ' + g.cause + '; ') + 'at most ' + g.intensity + ' restarts in ' + span(g.periodMillis);
    cards.push(card('Group ' + g.group, note, g.children.map(c => row(c, c.client, g.group, g.intensity))));
  }
  if (tree.others.length) {
    tree.others.forEach(c => count(null, c));
    cards.push(card('Without supervisor', '', tree.others.map(c => row(null, c, '', 0))));
  }
  if (!cards.length) cards.push(element('p', 'There is no group and no client.'));
  // A button must not be replaced between pressing and releasing it.
  if (!busy) byId('tree').replaceChildren(...cards);
  byId('summary').textContent = well + ' of ' + total + ' well';
  byId('summary').className = 'mark ' + (well === total ? 'ok' : 'bad');
}

function showEvents() {
  const filter = byId('filter');
  const chosen = filter.value;
  const ids = [...new Set(events.map(e => e.client))].sort();
  const known = [...filter.options].slice(1).map(o => o.value);
  if (ids.join('\n') !== known.join('\n')) {
    filter.replaceChildren(new Option('all clients', ''), ...ids.map(id => new Option(id, id)));
    filter.value = ids.includes(chosen) ? chosen : '';
  }
  const rows = events.filter(e => !filter.value || e.client === filter.value).reverse().map(e => {
    const tr = element('tr');
    const details = (e.type === 'RECONNECTING' ? ['in ' + span(e.delayMillis) + ', attempt ' + e.attempt] : []).concat(e.cause || []);
    const level = {READY: 'ok', LOST: 'bad', CONNECT_FAILED: 'bad', EXITED: 'bad', GIVEN_UP: 'bad', DEGRADED: 'warn', HEARTBEAT_FAULT: 'warn', UNSUPERVISED: 'warn'}[e.type] || '';
    tr.append(element('td', e.at.replace('T', ' ').replace(/(\.\d{3})\d*Z$|Z$/, '$1')), element('td', e.client), element('td', e.number),
      element('td', e.type, level), element('td', e.incarnation), element('td', e.connection), element('td', details.join(', '), 'words'));
    return tr;
  });
  byId('events').tBodies[0].replaceChildren(...rows);
}

function notice(text, done) {
  const place = byId('notice');
  place.textContent = text;
  place.className = done ? 'done' : '';
  place.hidden = !text;
}

async function ask(path, options) {
  const answer = await fetch(path, {...options, cache: 'no-store', headers: {...options.headers, Authorization: 'Bearer ' + token}});
  const body = await answer.json();
  if (answer.status === 401) leave();
  if (!answer.ok) throw new Error(body.error);
  return body;
}

async function look() {
  clearTimeout(timer);
  if (!token) return;
  try {
    const state = await ask('api/state', {});
    if (!token) return;
    byId('entry').hidden = true;
    byId('content').hidden = false;
    byId('leave').hidden = false;
    events = state.events;
    showTree(state.tree);
    showEvents();
    byId('age').textContent = state.tree.time.slice(11, 19) + ' UTC';
    byId('age').className = '';
  } catch (e) {
    byId('age').textContent = token ? 'no answer: ' + e.message : '';
    byId('age').className = 'bad';
    if (!token) notice(e.message, false);
  }
  if (token) timer = setTimeout(look, PERIOD);
}

async function give(order, group, id) {
  try {
    const answer = await ask('api/orders', {method: 'POST', headers: {'Content-Type': 'application/json'}, body: JSON.stringify({order, group, id})});
    notice(order + ' ' + id + ': ' + answer.result, true);
  } catch (e) {
    notice(order + ' ' + id + ': ' + e.message, false);
  }
  busy = false;
  look();
}

function leave() {
  token = null;
  sessionStorage.removeItem(KEY);
  byId('entry').hidden = false;
  byId('content').hidden = true;
  byId('leave').hidden = true;
  byId('summary').textContent = '';
  byId('summary').className = '';
}

byId('entry').addEventListener('submit', event => {
  event.preventDefault();
  token = byId('token').value.trim();
  sessionStorage.setItem(KEY, token);
  byId('token').value = '';
  notice('', true);
  look();
});
byId('leave').addEventListener('click', () => { leave(); notice('', true); });
byId('filter').addEventListener('change', showEvents);
byId('tree').addEventListener('pointerdown', event => { busy = event.target.tagName === 'BUTTON'; });
document.addEventListener('pointerup', () => { busy = false; });

if (token) look();
