/**
 * Lambda's runtime for Node in as few lines as it can be: takes invocations from the Runtime API and gives them to a
 * handler. In place of aws-lambda-ric, which is native and has to be compiled.
 */
import path from 'node:path';
import process from 'node:process';
import { pathToFileURL } from 'node:url';

const { AWS_LAMBDA_RUNTIME_API = '', LAMBDA_TASK_ROOT = '', _HANDLER = '', AWS_LAMBDA_FUNCTION_NAME = '' } = process.env;
const api = `http://${AWS_LAMBDA_RUNTIME_API}/2018-06-01/runtime`;

/** @param {string} where @param {unknown} content */
async function tell(where, content) {
  await fetch(`${api}/${where}`, { method: 'POST', body: JSON.stringify(content ?? null) });
}

/** @param {unknown} error */
function described(error) {
  return error instanceof Error
    ? { errorType: error.name, errorMessage: error.message, trace: (error.stack ?? '').split('\n') }
    : { errorType: typeof error, errorMessage: String(error), trace: [] };
}

const [file = '', name = ''] = _HANDLER.split('.');
const module = await import(pathToFileURL(path.join(LAMBDA_TASK_ROOT, `${file}.mjs`)).href).catch(async (error) => {
  await tell('init/error', described(error));
  process.exit(1);
});

for (;;) {
  const next = await fetch(`${api}/invocation/next`);
  const id = next.headers.get('lambda-runtime-aws-request-id') ?? '';
  const deadline = Number(next.headers.get('lambda-runtime-deadline-ms'));
  const context = {
    awsRequestId: id,
    functionName: AWS_LAMBDA_FUNCTION_NAME,
    getRemainingTimeInMillis: () => Math.max(0, deadline - Date.now()),
  };
  try {
    const answer = await module[name](await next.json(), context);
    await tell(`invocation/${id}/response`, answer);
  } catch (error) {
    await tell(`invocation/${id}/error`, described(error));
  }
}
