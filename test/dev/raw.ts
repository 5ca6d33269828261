import { once } from 'node:events';
import { connect } from 'node:net';

/** Sends a request just as it is written, which no client library does, and gives what comes back. */
export async function raw(port: number, target: string, { method = 'GET', headers = ['Host: localhost'] as readonly string[] } = {}): Promise<{ status: number; text: string }> {
  const socket = connect(port, '127.0.0.1');
  let text = '';
  socket.setEncoding('utf8').on('data', (part: string) => (text += part));
  socket.write([`${method} ${target} HTTP/1.1`, ...headers, 'Connection: close', '', ''].join('\r\n'));
  await once(socket, 'close');
  return { status: Number(/^HTTP\/1\.1 (\d{3})/.exec(text)?.[1]), text };
}
