/**
 * imgvar as a library: what the command line does, as functions, for people's own scripts.
 *
 * ```ts
 * import { reprocess } from 'imgvar';
 *
 * const summary = await reprocess({ originals: 'photos', variants: 'variants', preset: 'levels' });
 * console.log(`${summary.made} made, ${summary.failed} failed`);
 * ```
 */
export { prune, regenerate, reprocess, verify, type PruneOptions, type ReprocessOptions, type RunOptions, type VerifyOptions } from './cli/operations.js';
export { backup, restore, verifyBackup, type BackupOptions, type RestoreOptions } from './cli/copying.js';
export type { RunSettings } from './cli/wire.js';
export { loadConfig, type Config } from './config/load.js';
export { writeStarterConfig } from './config/init.js';
export type { Due, OutcomeEvent, Planned, RunEvent, RunStarted, Summary } from './model/events.js';
export type { FailureCode } from './model/failure.js';
export type { Finding, FindingCode, FindingKind, FindingSum, Verified } from './model/finding.js';
export type { DueReason, Mode } from './model/job.js';
export type { Limits } from './model/limits.js';
export type { Location } from './model/location.js';
export type { Failed, Made, Outcome } from './model/outcome.js';
export type { Prunable, Pruned, Removal, RemovalCode } from './model/removal.js';
export type { Spec } from './model/spec.js';
export type { MaxDelete } from './run/max-delete.js';
export { UserError, type UserErrorCode } from './model/user-error.js';
