import { isTriedAgain, readFailures, recordOf, type FailureRecord } from '../checkpoint/failures.js';
import type { Recording } from '../checkpoint/recording.js';
import { addCounts } from '../checkpoint/sums.js';
import { Failure } from '../model/failure.js';
import { failed, type Failed } from '../model/outcome.js';
import type { RunParts } from './perform.js';
import type { Underway } from './jobs.js';
import type { Tally } from './tally.js';

/** Those failures of the first try that may pass, once more. What is gone by now fails as such. */
export async function* jobsAgain(
  { originals, layout, specs }: Pick<RunParts, 'originals' | 'layout' | 'specs'>,
  recording: Recording,
  tally: Tally,
  tell: (failure: Failed) => void,
): AsyncGenerator<Underway> {
  const part = recording.settledAgain();
  for await (const { position, original, names } of byOriginal(recording)) {
    const ticket = part.planned();
    // They count as failed already, until it is known what becomes of them now.
    const before = { failed: -names.length };
    const settle: Underway['settle'] = (sums, failures) => {
      tally.add(before);
      ticket.settle({ ...addCounts(before, sums), specs: sums.specs }, failures);
    };
    const object = await originals.stat(original).catch(asFailure);
    if (object instanceof Failure || object === undefined) {
      const gone = failed(original, null, object ?? { code: 'original-missing', detail: '' });
      ticket.settle({}, [recordOf(gone, names)]);
      tell(gone);
    } else {
      const due = specs
        .filter(({ name }) => names.includes(name))
        .map((spec) => ({ spec, key: layout.keyOf(original, spec), reason: 'retried' as const }));
      yield { job: { original: object, due }, work: undefined, settle };
    }
    part.passed(String(position));
  }
}

/** Failures of one original stand together. `position` is how many failures have been read with it. */
async function* byOriginal(recording: Recording): AsyncGenerator<{ position: number; original: string; names: readonly string[] }> {
  const { record, own } = recording;
  let position = 0;
  let group: FailureRecord[] = [];
  const take = (): { position: number; original: string; names: readonly string[] }[] => {
    const [first] = group;
    const names = group.flatMap((failure) => failure.specs);
    group = [];
    return first === undefined || names.length === 0 ? [] : [{ position, original: first.original, names }];
  };
  for await (const failure of readFailures(own, record, 'first')) {
    if (group.length > 0 && group[0]?.original !== failure.original) yield* take();
    position += 1;
    if (isTriedAgain(failure) && position > record.again) group.push(failure);
  }
  yield* take();
}

function asFailure(error: unknown): Failure {
  if (error instanceof Failure) return error;
  throw error;
}

