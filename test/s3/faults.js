import { errorXml } from './xml.js';

/**
 * What goes wrong with a request. With `after`, what was asked for is done all the same, and only the answer is lost.
 *
 * @typedef {{ after?: boolean } & (
 *   | { kind: 'error', status: number, code: string, headers?: Record<string, string> }
 *   | { kind: 'html', status: number }
 *   | { kind: 'text', text: string }
 *   | { kind: 'reset' }
 *   | { kind: 'stall' }
 *   | { kind: 'truncated' }
 *   | { kind: 'halted' }
 *   | { kind: 'trickle' }
 *   | { kind: 'garbled' }
 * )} Fault
 */

/** Whether a fault happens to an answer, rather than in place of one. @param {Fault} fault */
export function isOfAnswer({ kind }) {
  return kind === 'truncated' || kind === 'halted' || kind === 'trickle' || kind === 'garbled';
}

/**
 * @param {import('node:http').ServerResponse} response
 * @param {Fault} fault
 * @param {import('./server.js').Answer | undefined} answer what would have been said
 */
export function answerFault(response, fault, answer) {
  switch (fault.kind) {
    case 'error': {
      const { headers, body } = errorXml(fault.status, fault.code, 'as ordered');
      response.writeHead(fault.status, { ...headers, ...fault.headers }).end(body);
      return;
    }
    case 'html':
      // As a proxy in front of the store says it.
      response.writeHead(fault.status, { 'content-type': 'text/html' }).end('<html><head><title>503</title></head><body><hr>nginx</body></html>');
      return;
    case 'text':
      // As what is no store says it, and finds nothing wrong.
      response.writeHead(200).end(fault.text);
      return;
    case 'reset':
      response.socket?.resetAndDestroy();
      return;
    case 'stall':
      // The client has to give up; its connection's end ends ours.
      return;
    case 'truncated':
    case 'halted': {
      if (answer === undefined || answer.body.length < 2) return void response.socket?.destroy();
      response.writeHead(answer.status, { 'content-length': String(answer.body.length), ...answer.headers });
      // What is halted goes on no more, and is not ended either.
      const end = fault.kind === 'truncated' ? () => response.socket?.destroy() : () => undefined;
      return void response.write(answer.body.subarray(0, answer.body.length >> 1), end);
    }
    case 'trickle':
      if (answer === undefined) return void response.socket?.destroy();
      response.writeHead(answer.status, { 'content-length': String(answer.body.length), ...answer.headers });
      return void trickle(response, answer.body);
    case 'garbled': {
      if (answer === undefined || answer.body.length === 0) return void response.socket?.destroy();
      const body = Buffer.from(answer.body);
      body[body.length >> 1] = ~(body[body.length >> 1] ?? 0);
      // Of no content that is sent here.
      response.writeHead(answer.status, { 'content-length': String(body.length), ...answer.headers, 'x-amz-checksum-crc32': 'AAAAAA==' }).end(body);
    }
  }
}

/**
 * A few bytes now and then: never silent, and never done in any useful time.
 * @param {import('node:http').ServerResponse} response
 * @param {Buffer} body
 */
function trickle(response, body) {
  let at = 0;
  const timer = setInterval(() => {
    response.write(body.subarray(at, at + 2));
    at += 2;
    if (at < body.length) return;
    clearInterval(timer);
    response.end();
  }, 100);
  response.on('close', () => clearInterval(timer));
}
