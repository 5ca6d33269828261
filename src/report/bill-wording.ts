import type { Bound, Item, Uncounted, Way } from '../model/estimate.js';

const ITEMS: Record<Item, string> = {
  list: 'LIST',
  get: 'GET of originals',
  head: 'HEAD of originals',
  put: 'PUT of variants',
  'look-up': 'HEAD of variants',
  'own-get': 'ledger, lock, checkpoint: read',
  'own-put': 'ledger, lock, checkpoint: write',
  retrieval: 'retrieval',
  'transfer-out': 'transfer to the internet',
  'transfer-between': 'transfer to another region',
  kms: 'KMS',
  invocations: 'Lambda invocations',
  compute: 'Lambda compute',
  logs: 'logs',
  'batch-job': 'S3 Batch Operations, job',
  'batch-objects': 'S3 Batch Operations, objects',
  queue: 'SQS',
  machine: 'EC2 machine',
};

export function itemText(item: Item): string {
  return ITEMS[item];
}

const WAY_TEXTS: Record<Way, string> = {
  local: 'this machine',
  machine: 'one EC2 machine',
  queue: 'a queue and four workers',
  lambda: 'Lambda, called directly',
  's3-batch': 'S3 Batch Operations',
};

export function wayText(way: Way): string {
  return WAY_TEXTS[way];
}

interface BoundWording {
  readonly short: string;
  readonly what: string;
  /** What would lift it. */
  readonly lift: string;
}

const BOUNDS: Record<Bound, BoundWording> = {
  cores: { short: 'cores', what: 'the cores', lift: 'more cores would' },
  compute: { short: 'concurrency', what: "Lambda's concurrency", lift: "raising the account's limit would" },
  'invocation-rate': { short: 'invocations/s', what: "Lambda's invocations a second", lift: "raising the account's limit would" },
  'put-rate': { short: 'PUTs/s', what: 'the PUTs that one prefix of a bucket takes', lift: 'a bucket that is in use for long, with many prefixes, takes more' },
  'get-rate': { short: 'GETs/s', what: 'the GETs that one prefix of a bucket takes', lift: 'a bucket that is in use for long, with many prefixes, takes more' },
  connections: { short: 'waiting', what: 'waiting for the bucket', lift: 'a higher --concurrency would, or a machine in its region' },
  nothing: { short: '', what: 'nothing', lift: '' },
};

/** What the time is bound by. */
export function boundText(bound: Bound): string {
  return BOUNDS[bound].what;
}

/** In a word, for a table. */
export function shortBoundText(bound: Bound): string {
  return BOUNDS[bound].short;
}

export function liftText(bound: Bound): string {
  return BOUNDS[bound].lift;
}

const UNCOUNTED: Record<Uncounted, string> = {
  logs: 'logs of Lambda, as their price here is not known',
  monitoring: 'the monitoring of Intelligent-Tiering',
  'early-deletion': 'what is replaced before its storage class allows',
  'machine-start': 'the start of a machine, its disk and address',
  'batch-pace': 'how fast S3 Batch Operations goes',
};

export function uncountedText(what: Uncounted): string {
  return UNCOUNTED[what];
}
