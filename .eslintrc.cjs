'use strict';

/**
 * The import law. A room is a folder of src; each may import from the rooms named here, and from no other. Arrows point
 * down only: cli -> run -> (source -> plan -> engine -> work -> store). test/architecture.test.ts asserts it.
 */
const ROOMS = {
  model: { may: [], why: 'model/ holds nouns and pure rules; everything stands on it, so it stands on nothing.' },
  plan: { may: ['model'], why: 'plan/ decides what is due and does no I/O, so that it can be tested and trusted.' },
  cost: { may: ['model'], why: 'cost/ computes money and time from figures that it is given, so that every one of them can be checked by hand.' },
  image: { may: ['model'], why: 'image/ turns bytes and specs into bytes; where they come from is not its business.' },
  store: { may: ['model'], why: 'store/ reads, writes and lists; what for is not its business.' },
  checkpoint: { may: ['model', 'cost', 'store'], why: 'checkpoint/ remembers; what is to be done with it is not its business.' },
  source: { may: ['model', 'store'], why: 'source/ yields originals; it does not know what becomes of them.' },
  work: { may: ['model', 'image', 'store'], why: 'work/ is the same for every engine, so it knows none.' },
  engine: { may: ['model', 'work', 'image', 'store'], why: 'engine/ does jobs; it neither plans nor tells.' },
  lambda: {
    may: ['model', 'config', 'store', 'image', 'work'],
    why: 'lambda/ is the thin outside of a deployed function: events in, work/ does it, log lines out. It neither plans nor directs.',
  },
  stack: { may: ['model', 'store'], why: 'stack/ knows CloudFormation and what stands around a stack; when what is done is for run/ to say.' },
  run: { may: ['model', 'plan', 'cost', 'source', 'engine', 'store', 'checkpoint', 'stack'], why: 'run/ directs; it does not talk to people.' },
  report: { may: ['model', 'cost'], why: 'report/ words what it is told; it starts nothing.' },
  config: { may: ['model', 'cost'], why: 'config/ yields one frozen value; who uses it is not its business.' },
  dev: {
    may: ['model', 'config', 'store', 'checkpoint', 'image', 'lambda', 'report'],
    why: 'dev/ stands in for the cloud around the deployed functions: it calls them from outside, and does none of their work.',
  },
  cli: { may: ['model', 'plan', 'cost', 'source', 'engine', 'lambda', 'store', 'checkpoint', 'stack', 'run', 'report', 'config', 'dev'], why: 'cli/ constructs and starts; pixels and the work itself are the engine\'s.' },
};

/** Packages that one room alone may import. */
const PACKAGES = {
  '@aws-sdk/client-s3': { rooms: ['store', 'stack'], why: 'Only store/ talks to buckets, and stack/ about them.' },
  '@aws-sdk/client-cloudformation': { rooms: ['stack'], why: 'Only stack/ deploys, and asks CloudFormation.' },
  '@aws-sdk/client-cloudfront': { rooms: ['stack'], why: 'Only stack/ speaks to CloudFront.' },
  '@aws-sdk/client-sts': { rooms: ['stack'], why: 'Only stack/ needs to know whose account it is.' },
  '@aws-sdk/client-lambda': { rooms: ['engine'], why: 'Only engine/ invokes functions.' },
  'jsonc-parser': { rooms: ['config'], why: 'Only config/ knows how a config file is written.' },
  sharp: { rooms: ['image'], why: 'Only image/ knows sharp, so that what makes a pixel is in one place.' },
  commander: { rooms: ['cli'], why: 'Only cli/ knows the command line.' },
  'cli-progress': { rooms: ['report'], why: 'Only report/ draws on the screen.' },
  '@observablehq/plot': { rooms: ['report'], why: 'Only report/ draws charts.' },
  linkedom: { rooms: ['report'], why: 'Only report/ draws charts.' },
  'ssim.js': { rooms: ['image'], why: 'Only image/ compares pixels.' },
  picocolors: { rooms: ['report'], why: 'Only report/ draws on the screen.' },
  'p-queue': { rooms: ['store', 'engine', 'work', 'lambda', 'dev'], why: 'Only engines, functions, and what they start, hold work in flight; store/ holds files and connections open.' },
  fflate: { rooms: ['lambda'], why: 'Only lambda/ knows what the zip of a function looks like.' },
  zod: { rooms: ['config', 'checkpoint', 'lambda', 'engine'], why: 'Only what people wrote, an earlier run, or what comes from outside needs to be validated.' },
};

/** What touches the world outside. */
const IO = ['fs', 'fs/promises', 'child_process', 'net', 'http', 'https', 'os', 'stream', 'worker_threads'];
const PURE = {
  rooms: ['model', 'plan', 'cost'],
  why: 'model/, plan/ and cost/ do no I/O: they can be tested without a disk, and run anywhere.',
};

/** The environment and the console belong to those who talk to people, and to Lambda, which speaks through them. */
const PROCESS = {
  rooms: ['cli', 'report', 'lambda'],
  properties: ['env', 'argv', 'stdin', 'stdout', 'stderr'],
  why: 'The environment and the console are read and written in cli/, report/ and lambda/ only; pass a value in instead.',
};

const roomNames = Object.keys(ROOMS);

function importRules(room) {
  const { may, why } = ROOMS[room];
  const closed = roomNames.filter((other) => other !== room && !may.includes(other));
  return {
    paths: [
      ...Object.entries(PACKAGES)
        .filter(([, { rooms }]) => !rooms.includes(room))
        .map(([name, rule]) => ({ name, message: rule.why })),
      ...(PURE.rooms.includes(room)
        ? IO.flatMap((name) => [name, `node:${name}`]).map((name) => ({ name, message: PURE.why }))
        : []),
      ...(PROCESS.rooms.includes(room) ? [] : [{ name: 'node:process', importNames: PROCESS.properties, message: PROCESS.why }]),
    ],
    patterns: [...closed.map((other) => ({ group: [`../${other}/*`], message: why })), { group: ['../index.js'], message: why }],
  };
}

module.exports = {
  root: true,
  parser: '@typescript-eslint/parser',
  parserOptions: { ecmaVersion: 2023, sourceType: 'module' },
  plugins: ['@typescript-eslint'],
  extends: ['eslint:recommended', 'plugin:@typescript-eslint/recommended'],
  env: { node: true, es2023: true },
  rules: {
    eqeqeq: 'error',
    'no-console': 'error',
    'prefer-const': 'error',
    '@typescript-eslint/consistent-type-imports': ['error', { fixStyle: 'inline-type-imports' }],
    // Types make undefined values impossible to overlook already.
    'no-undef': 'off',
  },
  overrides: [
    ...roomNames.map((room) => ({
      files: [`src/${room}/**/*.ts`],
      rules: {
        'no-restricted-imports': ['error', importRules(room)],
        ...(PROCESS.rooms.includes(room)
          ? {}
          : {
              'no-restricted-globals': ['error', { name: 'console', message: PROCESS.why }],
              'no-restricted-properties': [
                'error',
                ...PROCESS.properties.map((property) => ({ object: 'process', property, message: PROCESS.why })),
              ],
            }),
      },
    })),
    {
      files: ['src/**/*.ts'],
      excludedFiles: ['src/index.ts'],
      parserOptions: { project: './tsconfig.json', tsconfigRootDir: __dirname },
      rules: {
        '@typescript-eslint/no-floating-promises': 'error',
        '@typescript-eslint/no-misused-promises': 'error',
        '@typescript-eslint/await-thenable': 'error',
        '@typescript-eslint/switch-exhaustiveness-check': 'error',
      },
    },
    { files: ['.eslintrc.cjs'], rules: { '@typescript-eslint/no-require-imports': 'off' }, parserOptions: { sourceType: 'script' } },
    { files: ['test/**/*.js'], rules: { 'no-console': 'off' } },
  ],
};
