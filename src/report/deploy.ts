import pc from 'picocolors';
import type { Change, Deployed, DeployEvent, ResourceEvent, Statements, Step } from '../model/deployment.js';
import { plural, showDuration, showJson, showKey } from './format.js';
import type { Output } from './reporter.js';

/** Shows a deployment to whoever started it. */
export type DeployReporter = (event: DeployEvent) => void;

/** One event a line, as it is. */
export function jsonDeployReporter({ stdout }: Output): DeployReporter {
  return (event) => void stdout.write(`${showJson(event)}\n`);
}

/** What changes and how it ended on stdout; on stderr, while it goes on, each resource. */
export function textDeployReporter({ stdout, stderr, color }: Output, quiet: boolean): DeployReporter {
  const colors = pc.createColors(color);
  const print = (line: string): void => void stdout.write(`${line}\n`);
  const note = (line: string): void => void (quiet || stderr.write(`${line}\n`));
  const begun = new Set<string>();
  let dryRun = false;
  let changes = 0;

  return (event) => {
    switch (event.type) {
      case 'deploy':
        dryRun = event.dryRun;
        note(`Stack ${event.stack}, ${event.region}, account ${event.account}: ${event.action === 'create' ? 'a new one' : 'there already'}.`);
        break;
      case 'change':
        changes += 1;
        if (dryRun) print(changeLine(event, colors));
        break;
      case 'resource':
        // Some are said to begin several times.
        if (event.status.endsWith('_IN_PROGRESS') && begun.size === begun.add(event.resource + event.status).size) break;
        if (event.status.endsWith('_FAILED')) note(colors.red(resourceLine(event)));
        else note(resourceLine(event));
        break;
      case 'step':
        note(stepText(event));
        break;
      case 'warning':
        stderr.write(`${colors.yellow(`Warning: ${showKey(event.message)}`)}\n`);
        break;
      case 'statements':
        for (const line of statementLines(event)) print(line);
        break;
      case 'deployed':
        for (const line of endLines(event, changes)) print(line);
        break;
    }
  };
}

type Colors = ReturnType<typeof pc.createColors>;

const ACTIONS: Record<Change['action'], string> = { add: 'add', modify: 'change', remove: 'remove', import: 'take over', dynamic: 'perhaps change' };

function changeLine({ action, resource, resourceType, replacement }: Change, colors: Colors): string {
  const line = columns(ACTIONS[action], resource, resourceType);
  return replacement ? colors.yellow(`${line} (a new one in its place)`) : line;
}

const WORDS: readonly (readonly [RegExp, string])[] = [
  [/FAILED$/, 'failed'],
  [/ROLLBACK_IN_PROGRESS$/, 'going back'],
  [/ROLLBACK_COMPLETE$/, 'gone back'],
  [/CLEANUP_IN_PROGRESS$/, 'tidying'],
  [/^CREATE_IN_PROGRESS$/, 'creating'],
  [/^CREATE_COMPLETE$/, 'created'],
  [/^UPDATE_IN_PROGRESS$/, 'updating'],
  [/^UPDATE_COMPLETE$/, 'updated'],
  [/^DELETE_IN_PROGRESS$/, 'deleting'],
  [/^DELETE_COMPLETE$/, 'deleted'],
  [/^DELETE_SKIPPED$/, 'kept'],
];

function resourceLine({ resource, resourceType, status, reason }: ResourceEvent): string {
  const word = WORDS.find(([pattern]) => pattern.test(status))?.[1] ?? status.toLowerCase();
  const why = word === 'failed' && reason !== '' ? `\n    ${showKey(reason)}` : '';
  return columns(word, resource, resourceType) + why;
}

function columns(word: string, resource: string, resourceType: string): string {
  return `  ${word.padEnd(10)} ${showKey(resource).padEnd(24)} ${showKey(resourceType.replace(/^AWS::/, ''))}`;
}

const STEPS: Record<Step['code'], (detail: string) => string> = {
  'artifacts-bucket-created': (bucket) => `Made a bucket for the code of the functions:\n  ${bucket}`,
  'code-uploaded': (location) => `Uploaded the code, ${nameIn(location)}.`,
  'code-unchanged': (location) => `The code is there already, ${nameIn(location)}.`,
  'failed-stack-removed': (stack) => `Removed what was left of ${stack}, which was never whole.`,
  'empty-bucket-removed': (bucket) => `Removed the empty bucket again:\n  ${bucket}`,
  'waiting-for-old-code': (seconds) => `Specs have changed: waiting ${plural(Number(seconds), 'second')} for uploads under the old ones.`,
  'notification-written': (bucket) => `Uploads are told to the stack by the bucket\n  ${bucket}`,
  'eras-appended': (location) => `Noted the changed specs with the variants in\n  ${location}`,
};

function nameIn(location: string): string {
  return location.slice(location.lastIndexOf('/') + 1);
}

function stepText({ code, detail }: Step): string {
  return STEPS[code](showKey(detail));
}

function statementLines({ bucket, statements }: Statements): string[] {
  const json = statements.map((statement) => JSON.stringify(statement, null, 2)).join(',\n');
  return ['', `Add to the statements of the policy of your bucket ${bucket}, each in the place`,
    'of one with the same Sid, if there is one:', ...json.split('\n').map((line) => `  ${line}`)];
}

function endLines({ stack, outcome, status, outputs, failures, seconds }: Deployed, changes: number): string[] {
  switch (outcome) {
    case 'dry-run':
      return [...(changes === 0 ? [`The stack ${stack} is as the config says.`] : []), 'Dry run: nothing was changed.'];
    case 'none':
      return [`Nothing to deploy: the stack ${stack} is as the config says.`, ...outputLines(outputs)];
    case 'interrupted':
      return [`Interrupted; CloudFormation goes on with ${stack}. Run the same command when it has ended, to finish the rest.`];
    case 'failed':
      return [`The stack ${stack} was not deployed; ${failedText(status)}`, ...failures.flatMap(failureLines)];
    case 'cancelled':
      return [`Interrupted before CloudFormation had begun; the stack ${stack} was not changed.`];
    case 'created':
    case 'updated':
      return [`The stack ${stack} is ${outcome} (${showDuration(seconds)}).`, ...outputLines(outputs)];
  }
}

/** CloudFormation may fail to go back as well. */
function failedText(status: string | null): string {
  if (status?.endsWith('_FAILED') !== true) return 'CloudFormation went back to what was before.';
  return `CloudFormation could not go back to what was before (${showKey(status)}); run the same command for what to do.`;
}

function failureLines({ resource, resourceType, reason }: ResourceEvent): string[] {
  return [`  ${showKey(resource)} (${showKey(resourceType)}):`, `    ${showKey(reason)}`];
}

const OUTPUTS = {
  OriginalsLocation: 'originals',
  VariantsLocation: 'variants',
  BackupLocation: 'backup',
  DistributionDomain: 'delivery',
  ResizeFunctionName: 'live',
  ReprocessFunctionName: 'reprocess',
};

function outputLines(outputs: Deployed['outputs']): string[] {
  return Object.entries(OUTPUTS).flatMap(([name, text]) => (outputs[name] === undefined ? [] : [`  ${text.padEnd(9)} ${showKey(outputs[name])}`]));
}
