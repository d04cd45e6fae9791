import assert from "node:assert/strict";
import { constants, createHmac, createPublicKey, type KeyObject, verify } from "node:crypto";
import { test } from "node:test";
import { requireContentDigest } from "../../../protocol/http-signatures/content-digest.ts";
import { HttpSignatureError } from "../../../protocol/http-signatures/http-signature-error.ts";
import type { Message } from "../../../protocol/http-signatures/message.ts";
import { readSignature, signMessage } from "../../../protocol/http-signatures/message-signature.ts";
import { component, signatureBase } from "../../../protocol/http-signatures/signature-base.ts";
import { type Item, parseDictionary } from "../../../protocol/http-signatures/structured-fields.ts";
import { readMessage, readRequest, unwrap } from "./http-text.ts";
import { ED25519, nodeSign, nodeVerifies } from "./keys.ts";

/**
 * Signatures that RFC 9421 prints, checked over the base that this code makes of the printed message: by Ed25519
 * where Fairlead uses it, and by the RFC's other algorithms to prove the base alone.
 */

// Appendix B.1.2
const RSA_PSS = createPublicKey(`-----BEGIN PUBLIC KEY-----
MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEAr4tmm3r20Wd/PbqvP1s2
+QEtvpuRaV8Yq40gjUR8y2Rjxa6dpG2GXHbPfvMs8ct+Lh1GH45x28Rw3Ry53mm+
oAXjyQ86OnDkZ5N8lYbggD4O3w6M6pAvLkhk95AndTrifbIFPNU8PPMO7OyrFAHq
gDsznjPFmTOtCEcN2Z1FpWgchwuYLPL+Wokqltd11nqqzi+bJ9cvSKADYdUAAN5W
Utzdpiy6LbTgSxP7ociU4Tn0g5I6aDZJ7A8Lzo0KSyZYoA485mqcO0GVAdVw9lq4
aOT9v6d+nb4bnNkQVklLQ3fVAvJm+xdDOp9LCNCN48V2pnDOkFV6+U9nV5oyc6XI
2wIDAQAB
-----END PUBLIC KEY-----
`);
// Appendix B.1.3
const ECC_P256 = createPublicKey(`-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEqIVYZVLCrPZHGHjP17CTW0/+D9Lf
w0EkjqF7xB4FivAxzic30tMM4GF+hR6Dxh71Z50VGGdldkkDXZCnTNnoXQ==
-----END PUBLIC KEY-----
`);
// Appendix B.1.5
const SHARED_SECRET = Buffer.from(
  "uzvJfB4u3N0Jy4T7NZ75MDVcr8zSTInedJtkgcu46YW4XByzNJjxBdtjUkdJPBtbmHhIDi6pcl8jsasjlTMtDQ==",
  "base64",
);

const TEST_REQUEST = `
POST /foo?param=Value&Pet=dog HTTP/1.1
Host: example.com
Date: Tue, 20 Apr 2021 02:07:55 GMT
Content-Type: application/json
Content-Digest: sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX+T\\
  aPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:
Content-Length: 18
`;
const TEST_RESPONSE = `
HTTP/1.1 200 OK
Date: Tue, 20 Apr 2021 02:07:56 GMT
Content-Type: application/json
Content-Digest: sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ41Q\\
  JgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:
Content-Length: 23
`;

const BUSY = `
HTTP/1.1 503 Service Unavailable
Date: Tue, 20 Apr 2021 02:07:56 GMT
Content-Type: application/json
Content-Length: 62
Content-Digest: sha-512=:0Y6iCBzGg5rZtoXS95Ijz03mslf6KAMCloESHObfwn\\
  HJDbkkWWQz6PhhU9kxsTbARtY2PTBOzq24uJFpHsMuAg==:

{"busy": true, "message": "Your call is very important to us"}
`;
const TTRP = `
POST /foo?param=Value&Pet=dog HTTP/1.1
Host: service.internal.example
Date: Tue, 20 Apr 2021 02:07:55 GMT
Content-Type: application/json
Content-Length: 18
Client-Cert: :MIIBqDCCAU6gAwIBAgIBBzAKBggqhkjOPQQDAjA6MRswGQYDVQQKD\\
  BJMZXQncyBBdXRoZW50aWNhdGUxGzAZBgNVBAMMEkxBIEludGVybWVkaWF0ZSBDQT\\
  AeFw0yMDAxMTQyMjU1MzNaFw0yMTAxMjMyMjU1MzNaMA0xCzAJBgNVBAMMAkJDMFk\\
  wEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE8YnXXfaUgmnMtOXU/IncWalRhebrXmck\\
  C8vdgJ1p5Be5F/3YC8OthxM4+k1M6aEAEFcGzkJiNy6J84y7uzo9M6NyMHAwCQYDV\\
  R0TBAIwADAfBgNVHSMEGDAWgBRm3WjLa38lbEYCuiCPct0ZaSED2DAOBgNVHQ8BAf\\
  8EBAMCBsAwEwYDVR0lBAwwCgYIKwYBBQUHAwIwHQYDVR0RAQH/BBMwEYEPYmRjQGV\\
  4YW1wbGUuY29tMAoGCCqGSM49BAMCA0gAMEUCIBHda/r1vaL6G3VliL4/Di6YK0Q6\\
  bMjeSkC3dFCOOB8TAiEAx/kHSB4urmiZ0NX5r5XarmPk0wmuydBVoU4hBVZ1yhk=:
`;

type Check = (base: Uint8Array, signature: Uint8Array) => boolean;
const rsaPss =
  (key: KeyObject): Check =>
  (base, signature) =>
    verify("sha512", base, { key, padding: constants.RSA_PKCS1_PSS_PADDING, saltLength: 64 }, signature);
const ecdsa =
  (key: KeyObject): Check =>
  (base, signature) =>
    verify("sha256", base, { key, dsaEncoding: "ieee-p1363" }, signature);
const hmac: Check = (base, signature) =>
  createHmac("sha256", SHARED_SECRET).update(base).digest().equals(signature);

interface Vector {
  readonly name: string;
  readonly message: string;
  readonly signature: string;
  readonly label: string;
  readonly base: string;
  readonly check: Check;
}

const VECTORS: readonly Vector[] = [
  {
    name: "appendix B.2.1",
    message: TEST_REQUEST,
    label: "sig-b21",
    signature: `
Signature-Input: sig-b21=();created=1618884473\\
  ;keyid="test-key-rsa-pss";nonce="b3k2pp5k7z-50gnwp.yemd"
Signature: sig-b21=:d2pmTvmbncD3xQm8E9ZV2828BjQWGgiwAaw5bAkgibUopem\\
  LJcWDy/lkbbHAve4cRAtx31Iq786U7it++wgGxbtRxf8Udx7zFZsckzXaJMkA7ChG\\
  52eSkFxykJeNqsrWH5S+oxNFlD4dzVuwe8DhTSja8xxbR/Z2cOGdCbzR72rgFWhzx\\
  2VjBqJzsPLMIQKhO4DGezXehhWwE56YCE+O6c0mKZsfxVrogUvA4HELjVKWmAvtl6\\
  UnCh8jYzuVG5WSb/QEVPnP5TmcAnLH1g+s++v6d4s8m0gCw1fV5/SITLq9mhho8K3\\
  +7EPYTU8IU1bLhdxO5Nyt8C8ssinQ98Xw9Q==:
`,
    base: `
"@signature-params": ();created=1618884473;keyid="test-key-rsa-pss"\\
  ;nonce="b3k2pp5k7z-50gnwp.yemd"
`,
    check: rsaPss(RSA_PSS),
  },
  {
    name: "appendix B.2.2",
    message: TEST_REQUEST,
    label: "sig-b22",
    signature: `
Signature-Input: sig-b22=("@authority" "content-digest" \\
  "@query-param";name="Pet");created=1618884473\\
  ;keyid="test-key-rsa-pss";tag="header-example"
Signature: sig-b22=:LjbtqUbfmvjj5C5kr1Ugj4PmLYvx9wVjZvD9GsTT4F7GrcQ\\
  EdJzgI9qHxICagShLRiLMlAJjtq6N4CDfKtjvuJyE5qH7KT8UCMkSowOB4+ECxCmT\\
  8rtAmj/0PIXxi0A0nxKyB09RNrCQibbUjsLS/2YyFYXEu4TRJQzRw1rLEuEfY17SA\\
  RYhpTlaqwZVtR8NV7+4UKkjqpcAoFqWFQh62s7Cl+H2fjBSpqfZUJcsIk4N6wiKYd\\
  4je2U/lankenQ99PZfB4jY3I5rSV2DSBVkSFsURIjYErOs0tFTQosMTAoxk//0RoK\\
  UqiYY8Bh0aaUEb0rQl3/XaVe4bXTugEjHSw==:
`,
    base: `
"@authority": example.com
"content-digest": sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX\\
  +TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:
"@query-param";name="Pet": dog
"@signature-params": ("@authority" "content-digest" \\
  "@query-param";name="Pet")\\
  ;created=1618884473;keyid="test-key-rsa-pss"\\
  ;tag="header-example"
`,
    check: rsaPss(RSA_PSS),
  },
  {
    name: "appendix B.2.3",
    message: TEST_REQUEST,
    label: "sig-b23",
    signature: `
Signature-Input: sig-b23=("date" "@method" "@path" "@query" \\
  "@authority" "content-type" "content-digest" "content-length")\\
  ;created=1618884473;keyid="test-key-rsa-pss"
Signature: sig-b23=:bbN8oArOxYoyylQQUU6QYwrTuaxLwjAC9fbY2F6SVWvh0yB\\
  iMIRGOnMYwZ/5MR6fb0Kh1rIRASVxFkeGt683+qRpRRU5p2voTp768ZrCUb38K0fU\\
  xN0O0iC59DzYx8DFll5GmydPxSmme9v6ULbMFkl+V5B1TP/yPViV7KsLNmvKiLJH1\\
  pFkh/aYA2HXXZzNBXmIkoQoLd7YfW91kE9o/CCoC1xMy7JA1ipwvKvfrs65ldmlu9\\
  bpG6A9BmzhuzF8Eim5f8ui9eH8LZH896+QIF61ka39VBrohr9iyMUJpvRX2Zbhl5Z\\
  JzSRxpJyoEZAFL2FUo5fTIztsDZKEgM4cUA==:
`,
    base: `
"date": Tue, 20 Apr 2021 02:07:55 GMT
"@method": POST
"@path": /foo
"@query": ?param=Value&Pet=dog
"@authority": example.com
"content-type": application/json
"content-digest": sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A2svX\\
  +TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:
"content-length": 18
"@signature-params": ("date" "@method" "@path" "@query" \\
  "@authority" "content-type" "content-digest" "content-length")\\
  ;created=1618884473;keyid="test-key-rsa-pss"
`,
    check: rsaPss(RSA_PSS),
  },
  {
    name: "appendix B.2.4",
    message: TEST_RESPONSE,
    label: "sig-b24",
    signature: `
Signature-Input: sig-b24=("@status" "content-type" \\
  "content-digest" "content-length");created=1618884473\\
  ;keyid="test-key-ecc-p256"
Signature: sig-b24=:wNmSUAhwb5LxtOtOpNa6W5xj067m5hFrj0XQ4fvpaCLx0NK\\
  ocgPquLgyahnzDnDAUy5eCdlYUEkLIj+32oiasw==:
`,
    base: `
"@status": 200
"content-type": application/json
"content-digest": sha-512=:mEWXIS7MaLRuGgxOBdODa3xqM1XdEvxoYhvlCFJ4\\
  1QJgJc4GTsPp29l5oGX69wWdXymyU0rjJuahq4l5aGgfLQ==:
"content-length": 23
"@signature-params": ("@status" "content-type" "content-digest" \\
  "content-length");created=1618884473;keyid="test-key-ecc-p256"
`,
    check: ecdsa(ECC_P256),
  },
  {
    name: "appendix B.2.5",
    message: TEST_REQUEST,
    label: "sig-b25",
    signature: `
Signature-Input: sig-b25=("date" "@authority" "content-type")\\
  ;created=1618884473;keyid="test-shared-secret"
Signature: sig-b25=:pxcQw6G3AjtMBQjwo8XzkZf/bws5LelbaMk5rGIGtE8=:
`,
    base: `
"date": Tue, 20 Apr 2021 02:07:55 GMT
"@authority": example.com
"content-type": application/json
"@signature-params": ("date" "@authority" "content-type")\\
  ;created=1618884473;keyid="test-shared-secret"
`,
    check: hmac,
  },
  {
    name: "appendix B.2.6",
    message: TEST_REQUEST,
    label: "sig-b26",
    signature: `
Signature-Input: sig-b26=("date" "@method" "@path" "@authority" \\
  "content-type" "content-length");created=1618884473\\
  ;keyid="test-key-ed25519"
Signature: sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1\\
  u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:
`,
    base: `
"date": Tue, 20 Apr 2021 02:07:55 GMT
"@method": POST
"@path": /foo
"@authority": example.com
"content-type": application/json
"content-length": 18
"@signature-params": ("date" "@method" "@path" "@authority" \\
  "content-type" "content-length");created=1618884473\\
  ;keyid="test-key-ed25519"
`,
    check: nodeVerifies(ED25519),
  },
  {
    name: "section 2.4, of a response bound to a request",
    message: BUSY,
    label: "reqres",
    signature: `
Signature-Input: reqres=("@status" "content-digest" "content-type" \\
  "@authority";req "@method";req "@path";req "content-digest";req)\\
  ;created=1618884479;keyid="test-key-ecc-p256"
Signature: reqres=:dMT/A/76ehrdBTD/2Xx8QuKV6FoyzEP/I9hdzKN8LQJLNgzU\\
  4W767HK05rx1i8meNQQgQPgQp8wq2ive3tV5Ag==:
`,
    base: `
"@status": 503
"content-digest": sha-512=:0Y6iCBzGg5rZtoXS95Ijz03mslf6KAMCloESHObf\\
  wnHJDbkkWWQz6PhhU9kxsTbARtY2PTBOzq24uJFpHsMuAg==:
"content-type": application/json
"@authority";req: example.com
"@method";req: POST
"@path";req: /foo
"content-digest";req: sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A\\
  2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:
"@signature-params": ("@status" "content-digest" "content-type" \\
  "@authority";req "@method";req "@path";req "content-digest";req)\\
  ;created=1618884479;keyid="test-key-ecc-p256"
`,
    check: ecdsa(ECC_P256),
  },
  {
    name: "section 2.4, of a response to a signed request",
    message: BUSY,
    label: "reqres",
    signature: `
Signature-Input: reqres=("@status" "content-digest" "content-type" \\
  "@authority";req "@method";req "@path";req "@query";req \\
  "content-digest";req "content-type";req "content-length";req)\\
  ;created=1618884479;keyid="test-key-ecc-p256"
Signature: reqres=:C73J41GVKc+TYXbSobvZf0CmNcptRiWN+NY1Or0A36ISg6ym\\
  dRN6ZgR2QfrtopFNzqAyv+CeWrMsNbcV2Ojsgg==:
`,
    base: `
"@status": 503
"content-digest": sha-512=:0Y6iCBzGg5rZtoXS95Ijz03mslf6KAMCloESHObf\\
  wnHJDbkkWWQz6PhhU9kxsTbARtY2PTBOzq24uJFpHsMuAg==:
"content-type": application/json
"@authority";req: example.com
"@method";req: POST
"@path";req: /foo
"@query";req: ?param=Value&Pet=dog
"content-digest";req: sha-512=:WZDPaVn/7XgHaAy8pmojAkGWoRx2UFChF41A\\
  2svX+TaPm+AbwAgBWnrIiYllu7BNNyealdVLvRwEmTHWXvJwew==:
"content-type";req: application/json
"content-length";req: 18
"@signature-params": ("@status" "content-digest" "content-type" \\
  "@authority";req "@method";req "@path";req "@query";req \\
  "content-digest";req "content-type";req "content-length";req)\\
  ;created=1618884479;keyid="test-key-ecc-p256"
`,
    check: ecdsa(ECC_P256),
  },
  {
    name: "appendix B.3, of a proxy that ends TLS",
    message: TTRP,
    label: "ttrp",
    signature: `
Signature-Input: ttrp=("@path" "@query" "@method" "@authority" \\
  "client-cert");created=1618884473;keyid="test-key-ecc-p256"
Signature: ttrp=:xVMHVpawaAC/0SbHrKRs9i8I3eOs5RtTMGCWXm/9nvZzoHsIg6\\
  Mce9315T6xoklyy0yzhD9ah4JHRwMLOgmizw==:
`,
    base: `
"@path": /foo
"@query": ?param=Value&Pet=dog
"@method": POST
"@authority": service.internal.example
"client-cert": :MIIBqDCCAU6gAwIBAgIBBzAKBggqhkjOPQQDAjA6MRswGQYDVQQ\\
  KDBJMZXQncyBBdXRoZW50aWNhdGUxGzAZBgNVBAMMEkxBIEludGVybWVkaWF0ZSBD\\
  QTAeFw0yMDAxMTQyMjU1MzNaFw0yMTAxMjMyMjU1MzNaMA0xCzAJBgNVBAMMAkJDM\\
  FkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAE8YnXXfaUgmnMtOXU/IncWalRhebrXm\\
  ckC8vdgJ1p5Be5F/3YC8OthxM4+k1M6aEAEFcGzkJiNy6J84y7uzo9M6NyMHAwCQY\\
  DVR0TBAIwADAfBgNVHSMEGDAWgBRm3WjLa38lbEYCuiCPct0ZaSED2DAOBgNVHQ8B\\
  Af8EBAMCBsAwEwYDVR0lBAwwCgYIKwYBBQUHAwIwHQYDVR0RAQH/BBMwEYEPYmRjQ\\
  GV4YW1wbGUuY29tMAoGCCqGSM49BAMCA0gAMEUCIBHda/r1vaL6G3VliL4/Di6YK0\\
  Q6bMjeSkC3dFCOOB8TAiEAx/kHSB4urmiZ0NX5r5XarmPk0wmuydBVoU4hBVZ1yhk=:
"@signature-params": ("@path" "@query" "@method" "@authority" \\
  "client-cert");created=1618884473;keyid="test-key-ecc-p256"
`,
    check: ecdsa(ECC_P256),
  },
];

for (const { name, message: text, signature: fields, label, base, check } of VECTORS) {
  test(`the signature of RFC 9421, ${name}, holds over the base that the RFC prints`, () => {
    const message = signed(text, fields);
    const read = readSignature(message, label);
    assert.equal(Buffer.from(read.base).toString("ascii"), unwrap(base).trim());
    assert.ok(check(read.base, read.signature));
    const changed = Buffer.from(read.signature);
    changed[3] = (changed[3] ?? 0) ^ 1;
    assert.ok(!check(read.base, changed), "the check can fail");
  });
}

/** A message with the fields of its signature appended, as the RFC prints it. */
function signed(text: string, fields: string): Message {
  const [head = "", ...content] = text.split("\n\n");
  const request = readRequest(TEST_REQUEST);
  return readMessage([`${head.trimEnd()}\n${fields.trim()}`, ...content].join("\n\n"), { request }).message;
}

test("signing with the key of appendix B.1.4 gives the very signature of appendix B.2.6", () => {
  const covered = ["date", "@method", "@path", "@authority", "content-type", "content-length"];
  const fields = signMessage(
    readRequest(TEST_REQUEST),
    "sig-b26",
    covered.map((name) => component(name)),
    { created: 1618884473, keyid: "test-key-ed25519" },
    nodeSign(ED25519),
  );
  assert.deepEqual(fields, {
    "signature-input":
      'sig-b26=("date" "@method" "@path" "@authority" "content-type" "content-length");created=1618884473;keyid="test-key-ed25519"',
    signature:
      "sig-b26=:wqcAqbmYJ2ji2glfAMaRy4gruYYnx2nEFN2HN6jrnDnQCK1u02Gb04v9EDgwUPiu4A0w6vuQv5lIp5WPpBKRCw==:",
  });
});

// Appendix B.4: one signature, and what may happen to its message on the way.
const TRANSFORM = `
Signature-Input: transform=("@method" "@path" "@authority" \\
  "accept");created=1618884473;keyid="test-key-ed25519"
Signature: transform=:ZT1kooQsEHpZ0I1IjCqtQppOmIqlJPeo7DHR3SoMn0s5J\\
  Z1eRGS0A+vyYP9t/LXlh5QMFFQ6cpLt2m0pmj3NDA==:
`;
const TRANSFORMED: readonly (readonly [what: string, holds: boolean, message: string])[] = [
  [
    "as it was sent",
    true,
    `GET /demo?name1=Value1&Name2=value2 HTTP/1.1
Host: example.org
Date: Fri, 15 Jul 2022 14:24:55 GMT
Accept: application/json
Accept: */*`,
  ],
  [
    "with a field and a query parameter added that are not covered",
    true,
    `GET /demo?name1=Value1&Name2=value2&param=added HTTP/1.1
Host: example.org
Date: Fri, 15 Jul 2022 14:24:55 GMT
Accept: application/json
Accept: */*
Accept-Language: en-US,en;q=0.5`,
  ],
  [
    "with the lines of a field joined",
    true,
    `GET /demo?name1=Value1&Name2=value2 HTTP/1.1
Host: example.org
Referer: https://developer.example.org/demo
Accept: application/json, */*`,
  ],
  [
    "with its fields in another order",
    true,
    `GET /demo?name1=Value1&Name2=value2 HTTP/1.1
Accept: application/json
Accept: */*
Date: Fri, 15 Jul 2022 14:24:55 GMT
Host: example.org`,
  ],
  [
    "with another method and host",
    false,
    `POST /demo?name1=Value1&Name2=value2 HTTP/1.1
Host: example.com
Date: Fri, 15 Jul 2022 14:24:55 GMT
Accept: application/json
Accept: */*`,
  ],
  [
    "with the lines of one field in another order",
    false,
    `GET /demo?name1=Value1&Name2=value2 HTTP/1.1
Host: example.org
Date: Fri, 15 Jul 2022 14:24:55 GMT
Accept: */*
Accept: application/json`,
  ],
];

for (const [what, holds, text] of TRANSFORMED) {
  test(`the message of RFC 9421, appendix B.4, ${what}: the signature ${holds ? "holds" : "does not hold"}`, () => {
    const read = readSignature(signed(text, TRANSFORM), "transform");
    assert.equal(nodeVerifies(ED25519)(read.base, read.signature), holds);
  });
}

/** What the base has for components of a message, without the line of the parameters. */
function lines(message: Message, components: readonly string[]): string {
  const covered = components.map((text) => {
    const member = parseDictionary(`c=(${text})`).get("c");
    assert.ok(member?.kind === "list");
    const [item] = member.items;
    assert.ok(isComponent(item), text);
    return item;
  });
  const base = signatureBase(message, covered, new Map()).toString("ascii");
  return base.slice(0, base.indexOf('"@signature-params"')).trimEnd();
}

function isComponent(item: Item | undefined): item is Item<string> {
  return typeof item?.value === "string";
}

test("header fields have the values of RFC 9421, section 2.1", () => {
  const message = readRequest(`GET / HTTP/1.1
Host: www.example.com
Date: Tue, 20 Apr 2021 02:07:56 GMT
X-OWS-Header:   Leading and trailing whitespace.
Cache-Control: max-age=60
Cache-Control:    must-revalidate
Example-Dict:  a=1,    b=2;x=1;y=2,   c=(a   b   c)
X-Empty-Header: `);
  const folded = { ...message.fields, "x-obs-fold-header": ["Obsolete\n    line folding."] };
  const covered = ["host", "date", "x-ows-header", "x-obs-fold-header", "cache-control", "example-dict"];
  const quoted = [...covered, "x-empty-header"].map((name) => `"${name}"`);
  assert.equal(
    `${lines({ ...message, fields: folded }, quoted)} `,
    `"host": www.example.com
"date": Tue, 20 Apr 2021 02:07:56 GMT
"x-ows-header": Leading and trailing whitespace.
"x-obs-fold-header": Obsolete line folding.
"cache-control": max-age=60, must-revalidate
"example-dict": a=1,    b=2;x=1;y=2,   c=(a   b   c)
"x-empty-header": `,
  );
});

const PATH = "/path?param=value HTTP/1.1\nHost: www.example.com";
const DERIVED: readonly (readonly [section: string, message: string, component: string, line: string])[] = [
  ["2.2.1", `POST ${PATH}`, '"@method"', '"@method": POST'],
  ["2.2.2", `POST ${PATH}`, '"@target-uri"', '"@target-uri": https://www.example.com/path?param=value'],
  ["2.2.3", `POST ${PATH}`, '"@authority"', '"@authority": www.example.com'],
  ["2.2.5", `POST ${PATH}`, '"@request-target"', '"@request-target": /path?param=value'],
  [
    "2.2.5",
    "GET https://www.example.com/path?param=value HTTP/1.1",
    '"@request-target"',
    '"@request-target": https://www.example.com/path?param=value',
  ],
  [
    "2.2.5",
    "CONNECT www.example.com:80 HTTP/1.1\nHost: www.example.com",
    '"@request-target"',
    '"@request-target": www.example.com:80',
  ],
  ["2.2.5", "OPTIONS * HTTP/1.1\nHost: www.example.com", '"@request-target"', '"@request-target": *'],
  ["2.2.6", `GET ${PATH}`, '"@path"', '"@path": /path'],
  [
    "2.2.7",
    "GET /path?param=value&foo=bar&baz=bat%2Dman HTTP/1.1",
    '"@query"',
    '"@query": ?param=value&foo=bar&baz=bat%2Dman',
  ],
  ["2.2.7", "POST /path?queryString HTTP/1.1", '"@query"', '"@query": ?queryString'],
  ["2.2.7", "POST /path HTTP/1.1", '"@query"', '"@query": ?'],
];
for (const [section, message, covered, line] of DERIVED) {
  test(`RFC 9421, section ${section}: the base has \`${line}\``, () => {
    assert.equal(lines(readRequest(message), [covered]), line);
  });
}

test("RFC 9421, section 2.2.4: the base has the scheme of a request over plain HTTP", () => {
  assert.equal(lines(readRequest(`POST ${PATH}`, "http"), ['"@scheme"']), '"@scheme": http');
});

test("query parameters have the values of RFC 9421, section 2.2.8", () => {
  const plain = readRequest("GET /path?param=value&foo=bar&baz=batman&qux= HTTP/1.1\nHost: www.example.com");
  const names = ["baz", "qux", "param"].map((name) => `"@query-param";name="${name}"`);
  assert.equal(
    lines(plain, names),
    '"@query-param";name="baz": batman\n"@query-param";name="qux": \n"@query-param";name="param": value',
  );
  const encoded = readRequest(
    "GET /parameters?var=this%20is%20a%20big%0Amultiline%20value&bar=with+plus+whitespace&fa%C3%A7ade%22%3A%20=something HTTP/1.1",
  );
  assert.equal(
    lines(
      encoded,
      ["var", "bar", "fa%C3%A7ade%22%3A%20"].map((name) => `"@query-param";name="${name}"`),
    ),
    `"@query-param";name="var": this%20is%20a%20big%0Amultiline%20value
"@query-param";name="bar": with%20plus%20whitespace
"@query-param";name="fa%C3%A7ade%22%3A%20": something`,
  );
});

test("a query parameter that stands there twice is refused, as RFC 9421, section 2.2.8, says", () => {
  const twice = readRequest("GET /path?a=1&a=2 HTTP/1.1");
  assert.throws(() => lines(twice, ['"@query-param";name="a"']), refusal("signature/malformed"));
  assert.throws(() => lines(twice, ['"@query-param";name="b"']), refusal("signature/missing-component"));
});

test("RFC 9421, section 2.2.9: the status is in the base of a response, and of no request", () => {
  const request = readRequest("GET / HTTP/1.1");
  const { message } = readMessage("HTTP/1.1 200 OK\nDate: Fri, 26 Mar 2010 00:05:00 GMT", { request });
  assert.equal(lines(message, ['"@status"']), '"@status": 200');
  assert.throws(() => lines(request, ['"@status"']), refusal("signature/unsupported-component"));
});

test("the authority is in lower case and without the port that its scheme has anyway", () => {
  const of = (authority: string, scheme: "http" | "https") =>
    lines({ kind: "request", method: "GET", target: "/", origin: { scheme, authority }, fields: {} }, [
      '"@authority"',
    ]);
  assert.equal(of("WWW.Example.com:443", "https"), '"@authority": www.example.com');
  assert.equal(of("www.example.com:80", "http"), '"@authority": www.example.com');
  assert.equal(of("www.example.com:80", "https"), '"@authority": www.example.com:80');
});

for (const parameter of ["sf", "bs", "tr", 'key="a"', "req", 'name="a"', "req=?0"]) {
  test(`a request whose signature covers a field with \`;${parameter}\` is refused by name`, () => {
    const message = readRequest("GET / HTTP/1.1\nExample-Dict: a=1");
    assert.throws(
      () => lines(message, [`"example-dict";${parameter}`]),
      (error) => refusal("signature/unsupported-component")(error) && String(error).includes(`;${parameter}`),
    );
  });
}

test("what is covered twice, also with its parameters in another order, is refused", () => {
  const request = readRequest("GET /?a=1 HTTP/1.1");
  const { message } = readMessage("HTTP/1.1 200 OK\nDate: today", { request });
  const once = '"@query-param";name="a";req';
  assert.throws(() => lines(message, [once, '"@query-param";req;name="a"']), refusal("signature/malformed"));
  assert.throws(() => lines(message, ['"date"', '"date"']), refusal("signature/malformed"));
  assert.equal(lines(message, [once]), '"@query-param";name="a";req: 1');
});

test("the contents of the RFC's messages have the digests that they give", () => {
  for (const text of [
    `${TEST_REQUEST.trimEnd()}\n\n{"hello": "world"}`,
    `${TEST_RESPONSE.trimEnd()}\n\n{"message": "good dog"}`,
    BUSY,
  ]) {
    const { message, content } = readMessage(text, { request: readRequest(TEST_REQUEST) });
    requireContentDigest(message.fields, content);
    assert.throws(
      () => requireContentDigest(message.fields, content.subarray(1)),
      refusal("signature/bad-digest"),
    );
  }
});

function refusal(code: string): (error: unknown) => boolean {
  return (error) => error instanceof HttpSignatureError && error.code === code;
}
