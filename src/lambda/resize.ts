/**
 * The resize function: makes all variants of what was uploaded, when S3 tells of it; and does the jobs of a run, when the
 * engine calls it.
 */
import type { InvocationAnswer } from '../model/invocation.js';
import { checkAccess } from './check.js';
import { secondsLeft, type LambdaContext } from './context.js';
import { describe } from './describe.js';
import { doJobs } from './jobs.js';
import { makeLive } from './live.js';
import { log } from './log.js';
import { noticesOf } from './notice.js';
import { forEachUpload } from './notifications.js';
import { isRequest, parseRequest, refusal } from './request.js';
import { tellSums } from './sums.js';
import { notSet, settingsOf, type Settings } from './settings.js';
import { openOwn, workshopFor } from './workshop.js';

const starting = settingsOf();
// While an environment starts it has more of a processor than later: what takes long to load is loaded then. What is wrong
// with the settings is met by the first invocation, and told there.
await starting.then(openOwn).catch(() => undefined);

/** @returns an answer to a direct call; nothing to a notification */
export async function handler(event: unknown, context: LambdaContext): Promise<InvocationAnswer | undefined> {
  const settings = await starting;
  const { functionName } = context;
  const left = (): number => secondsLeft(context);
  const notices = noticesOf(event);
  if (notices !== undefined) {
    await forEachUpload(notices, settings.originals, functionName, (uploaded) => makeLive(uploaded, settings, functionName, left));
    return undefined;
  }
  const answer = await answerTo(event, settings, left);
  if (answer.imgvar === 'results') tellSums(functionName, answer);
  if (answer.imgvar === 'refusal') log(functionName, { level: 'error', code: answer.code, detail: answer.message });
  return answer;
}

async function answerTo(event: unknown, settings: Settings, left: () => number): Promise<InvocationAnswer> {
  if (!isRequest(event)) return refusal('request-invalid', 'This is neither a notification of S3 nor a request of imgvar.');
  const request = parseRequest(event);
  const { variants, layout, config } = settings;
  if (request.imgvar === 'describe') {
    if (variants === null) throw notSet('IMGVAR_VARIANTS');
    return describe(settings, { to: variants, layout: layout.template, specs: config.specs }, left());
  }
  if (request.imgvar === 'check') return checkAccess(request, settings);
  if (request.imgvar !== 'jobs') return request;
  return doJobs(request, settings, async (...work) => (await workshopFor(request, settings)).do(...work), left);
}
