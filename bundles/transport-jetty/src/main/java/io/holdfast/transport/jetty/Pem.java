// SPDX-License-Identifier: Apache-2.0
package io.holdfast.transport.jetty;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.InvalidKeySpecException;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;

/** Certificates and private keys in the text form of RFC 7468. */
final class Pem {
    private static final Pattern BLOCK =
            Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----([A-Za-z0-9+/=\\s]*)-----END \\1-----");
    private static final String CERTIFICATE = "CERTIFICATE";
    private static final String KEY = "PRIVATE KEY";
    private static final String ENCRYPTED_KEY = "ENCRYPTED PRIVATE KEY";
    private static final List<String> ALGORITHMS = List.of("RSA", "EC", "EdDSA");

    private record Block(String label, byte[] bytes) {}

    private Pem() {}

    static KeyStore trusted(Path file) throws IOException, GeneralSecurityException {
        KeyStore store = empty();
        for (Certificate certificate : certificates(blocks(file))) {
            store.setCertificateEntry("certificate-" + store.size(), certificate);
        }
        return store;
    }

    /** @param password of an encrypted key, and of the entry in the store that is made */
    static KeyStore key(Path file, char[] password) throws IOException, GeneralSecurityException {
        List<Block> blocks = blocks(file);
        byte[] encoded = null;
        for (Block block : blocks) {
            if (block.label.equals(KEY)) {
                encoded = block.bytes;
            } else if (block.label.equals(ENCRYPTED_KEY)) {
                encoded = decrypted(block.bytes, password);
            } else if (block.label.endsWith(KEY)) {
                throw new GeneralSecurityException(
                        "'" + block.label + "' is not PKCS #8; convert it with: openssl pkcs8 -topk8");
            }
        }
        List<Certificate> chain = certificates(blocks);
        if (encoded == null || chain.isEmpty()) {
            throw new GeneralSecurityException("it must have a private key and its certificates");
        }
        KeyStore store = empty();
        store.setKeyEntry("key", privateKey(encoded), password, chain.toArray(Certificate[]::new));
        Arrays.fill(encoded, (byte) 0);
        return store;
    }

    private static KeyStore empty() throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        return store;
    }

    private static List<Block> blocks(Path file) throws IOException, GeneralSecurityException {
        List<Block> blocks = new ArrayList<>();
        Matcher matcher = BLOCK.matcher(Files.readString(file, StandardCharsets.US_ASCII));
        while (matcher.find()) {
            try {
                blocks.add(new Block(matcher.group(1), Base64.getMimeDecoder().decode(matcher.group(2))));
            } catch (IllegalArgumentException e) {
                throw new GeneralSecurityException("a block '" + matcher.group(1) + "' is not Base64", e);
            }
        }
        return blocks;
    }

    private static List<Certificate> certificates(List<Block> blocks) throws GeneralSecurityException {
        CertificateFactory factory = CertificateFactory.getInstance("X.509");
        List<Certificate> certificates = new ArrayList<>();
        for (Block block : blocks) {
            if (block.label.equals(CERTIFICATE)) {
                certificates.add(factory.generateCertificate(new ByteArrayInputStream(block.bytes)));
            }
        }
        return certificates;
    }

    private static byte[] decrypted(byte[] bytes, char[] password) throws GeneralSecurityException {
        PBEKeySpec spec = new PBEKeySpec(password);
        try {
            EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(bytes);
            // For PBES2 the algorithm's name says nothing; its parameters print the one to use.
            String algorithm = info.getAlgParameters() == null
                    ? info.getAlgName()
                    : info.getAlgParameters().toString();
            Cipher cipher = Cipher.getInstance(algorithm);
            cipher.init(
                    Cipher.DECRYPT_MODE,
                    SecretKeyFactory.getInstance(algorithm).generateSecret(spec),
                    info.getAlgParameters());
            return info.getKeySpec(cipher).getEncoded();
        } catch (IOException | GeneralSecurityException e) {
            throw new GeneralSecurityException(
                    "the key cannot be decrypted: its password is wrong, or it is encrypted in a way that Java does not know;"
                            + " it does know what this makes: openssl pkcs8 -topk8 -v2 aes-256-cbc",
                    e);
        } finally {
            spec.clearPassword();
        }
    }

    private static PrivateKey privateKey(byte[] encoded) throws GeneralSecurityException {
        PKCS8EncodedKeySpec spec = new PKCS8EncodedKeySpec(encoded);
        for (String algorithm : ALGORITHMS) {
            try {
                return KeyFactory.getInstance(algorithm).generatePrivate(spec);
            } catch (InvalidKeySpecException e) {
                // Of another algorithm: the next one tells.
                continue;
            }
        }
        throw new GeneralSecurityException(
                "the private key is of no known kind (" + String.join(", ", ALGORITHMS) + ")");
    }
}
