import { createServer } from 'node:http';

/** CloudFront as far as invalidations go: one distribution, E1. */
export interface CloudFrontServer {
  readonly url: string;
  /** The paths of each that was begun, as they stand in the XML. */
  readonly invalidations: string[][];
  /** How often it is to refuse, as others keep it busy. */
  busy: number;
  /** Whether nobody may do anything. */
  isForbidden: boolean;
  /** Or to look, and not to invalidate. */
  mayOnlyLook: boolean;
  close(): Promise<void>;
}

const XMLNS = 'http://cloudfront.amazonaws.com/doc/2020-05-31/';

export async function startCloudFront(): Promise<CloudFrontServer> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const refuse = (status: number, code: string): void => {
        response.writeHead(status, { 'content-type': 'text/xml' }).end(`<ErrorResponse xmlns="${XMLNS}"><Error><Type>Sender</Type><Code>${code}</Code><Message>as ordered</Message></Error><RequestId>r</RequestId></ErrorResponse>`);
      };
      const [, id] = /^\/2020-05-31\/distribution\/([A-Z0-9]+)\/invalidation/.exec(request.url ?? '') ?? [];
      if (cloudFront.isForbidden) return refuse(403, 'AccessDenied');
      if (id !== 'E1') return refuse(404, 'NoSuchDistribution');
      if (request.method === 'GET') return refuse(404, 'NoSuchInvalidation');
      if (cloudFront.mayOnlyLook) return refuse(403, 'AccessDenied');
      if (cloudFront.busy > 0) {
        cloudFront.busy -= 1;
        return refuse(400, 'TooManyInvalidationsInProgress');
      }
      const body = Buffer.concat(chunks).toString();
      cloudFront.invalidations.push([...body.matchAll(/<Path>([^<]*)<\/Path>/g)].map(([, path = '']) => path));
      response.writeHead(201, { 'content-type': 'text/xml' }).end(`<Invalidation xmlns="${XMLNS}"><Id>I1</Id><Status>InProgress</Status></Invalidation>`);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  const cloudFront: CloudFrontServer = {
    url: `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}`,
    invalidations: [],
    busy: 0,
    isForbidden: false,
    mayOnlyLook: false,
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
  return cloudFront;
}
