// SPDX-License-Identifier: GPL-3.0-or-later
// A gate before an S3 server that believes whatever it is told: each request's signature is worked out again by aws4, a client's library
// of another house, and what does not agree, is of another body or of another time is refused in S3's words.
// With GATE_TROUBLE=N in the environment every Nth request that is good is not answered at all, answered with 503, or carried out with
// its line cut before the answer, in turn.
//
// usage: node s3-gate.mjs READERS PORT BACKEND-PORT KEY-ID KEY
import { createRequire } from 'node:module';
import { createServer, request } from 'node:http';
import { createHash } from 'node:crypto';

const [readers, port, backend, keyId, key] = process.argv.slice(2);
const aws4 = createRequire(readers + '/')('aws4');
const SKEW_MS = 15 * 60 * 1000;
const trouble = Number(process.env.GATE_TROUBLE ?? 0);
let count = 0;

function refuse(answer, status, code) {
  answer.writeHead(status, { 'Content-Type': 'application/xml', 'x-amz-request-id': 'GATE' });
  answer.end(`<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>refused by the gate</Message></Error>`);
}

function problem(incoming, body) {
  const { headers } = incoming;
  const parts = /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, SignedHeaders=([^,]+), Signature=([0-9a-f]{64})$/
    .exec(headers.authorization ?? '');
  if (!parts) return 'AccessDenied';
  const [, id, day, region, signed] = parts, stamp = headers['x-amz-date'] ?? '';
  if (id !== keyId) return 'InvalidAccessKeyId';
  const at = Date.parse(stamp.replace(/^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)Z$/, '$1-$2-$3T$4:$5:$6Z'));
  if (!(Math.abs(at - Date.now()) < SKEW_MS) || !stamp.startsWith(day)) return 'RequestTimeTooSkewed';
  if (headers['x-amz-content-sha256'] !== createHash('sha256').update(body).digest('hex')) return 'XAmzContentSHA256Mismatch';
  const names = signed.split(';');
  for (const name of Object.keys(headers).filter((each) => each.startsWith('x-amz-')))
    if (!names.includes(name)) return 'AccessDenied';
  const again = aws4.sign({ method: incoming.method, path: incoming.url, service: 's3', region, host: headers.host, doNotModifyHeaders: false,
                            headers: Object.fromEntries(names.map((name) => [name, headers[name]])) }, { accessKeyId: keyId, secretAccessKey: key });
  return again.headers.Authorization === headers.authorization ? '' : 'SignatureDoesNotMatch';
}

createServer((incoming, answer) => {
  const pieces = [];
  incoming.on('data', (piece) => pieces.push(piece));
  incoming.on('end', () => {
    const body = Buffer.concat(pieces), code = problem(incoming, body);
    if (code) return refuse(answer, 403, code);
    const kind = trouble && ++count % trouble === 0 ? (count / trouble) % 3 : -1;
    if (kind === 0) return incoming.socket.destroy();
    if (kind === 1) return refuse(answer, 503, 'SlowDown');
    const onward = request({ host: '127.0.0.1', port: backend, method: incoming.method, path: incoming.url, headers: incoming.headers }, (reply) => {
      if (kind === 2) return reply.resume().on('end', () => incoming.socket.destroy());
      answer.writeHead(reply.statusCode, reply.headers);
      reply.pipe(answer);
    });
    onward.on('error', () => refuse(answer, 503, 'ServiceUnavailable'));
    onward.end(body);
  });
}).listen(Number(port), '127.0.0.1');
