import { changesTo, writeFields, type Field, type FieldChange } from '../config/write.js';
import type { Deployed } from '../model/deployment.js';
import { showKey } from '../report/format.js';
import type { Output } from '../report/reporter.js';
import type { DeployParts } from '../run/deploying.js';
import { ask, canAsk } from './ask.js';
import type { LookBackOptions } from './look-back.js';
import { dryRunCommand, uploadCommand } from './next-command.js';

interface Asking {
  readonly yes: boolean;
  readonly json: boolean;
  /** What was typed to deploy is needed to go on as well. */
  readonly typed: LookBackOptions;
}

/** Writes where everything is into the config, if the person likes, and tells what to do next. */
export async function writeOutputs(file: string, parts: DeployParts, ended: Deployed, { yes, json, typed }: Asking, output: Output): Promise<void> {
  const { stdout, stderr } = output;
  const changes = await changesTo(file, fieldsOf(parts, ended));
  const next = (isKnown: boolean): string => (json ? '' : nextText(ended, isKnown, typed));
  if (changes.length === 0) return void stdout.write(next(true));
  if (!json) stdout.write(`\nFor ${showKey(file)}:\n${changes.map(changeLine).join('\n')}\n`);
  const isWritten = yes || (await confirm(output));
  if (isWritten) {
    await writeFields(file, changes);
    stderr.write(`Wrote ${showKey(file)}.\n`);
  } else {
    stderr.write(`${showKey(file)} is as it was; the same command with --yes writes this into it.\n`);
  }
  stdout.write(next(isWritten));
}

/** What later commands need to know. The names of functions are in the outputs, and follow from the stack's. */
function fieldsOf({ stack }: DeployParts, { outputs }: Deployed): readonly Field[] {
  const fields: readonly (readonly [string[], string | undefined])[] = [
    [['originals'], outputs['OriginalsLocation']],
    [['variants'], outputs['VariantsLocation']],
    [['backup'], outputs['BackupLocation']],
    [['lambda', 'function'], outputs['ReprocessFunctionName']],
    [['lambda', 'backup'], outputs['BackupFunctionName']],
    [['cloudFront', 'distribution'], outputs['DistributionId']],
    [['stack'], stack],
  ];
  return fields.flatMap(([path, value]) => (value === undefined ? [] : [{ path, value }]));
}

function changeLine({ path, value, was }: FieldChange): string {
  const before = was === undefined ? '' : `, in place of ${showKey(JSON.stringify(was))}`;
  return `  ${path.join('.')}${before}:\n    ${showKey(JSON.stringify(value))}`;
}

/** Nobody to ask is no. */
async function confirm(output: Output): Promise<boolean> {
  return canAsk(output) && /^(y|yes)?$/i.test((await ask('Write this into the config? [Y/n] ', output)) ?? 'no');
}

/** @param isKnown whether the config says where everything is */
function nextText({ outputs }: Deployed, isKnown: boolean, typed: LookBackOptions): string {
  const { OriginalsLocation: originals = '', VariantsLocation: variants = '', DistributionDomain: domain } = outputs;
  const upload = uploadCommand('photo.jpg', originals, typed);
  const backfill = dryRunCommand(isKnown ? [] : [originals, variants], typed);
  const [, key = ''] = /^s3:\/\/[^/]+\/(.*)$/.exec(originals) ?? [];
  const seen = domain === undefined ? '' : `See it; a variant is beside it, as its key in the bucket says:\n  https://${domain}/${key}photo.jpg\n`;
  return `\nUpload an original:\n  ${showKey(upload)}\n${seen}Make the variants of what was there before:\n  ${showKey(backfill)}\n`;
}
