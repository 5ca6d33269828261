import { InvokeCommand, LambdaClient, GetFunctionConcurrencyCommand, type InvokeCommandOutput } from '@aws-sdk/client-lambda';
import { Agent as HttpAgent } from 'node:http';
import { Agent as HttpsAgent } from 'node:https';
import { deathOf, type Invocation, type Invoke } from './lambda-invocation.js';
import { troubleWith } from './lambda-trouble.js';

export interface FunctionSettings {
  /** Name or ARN. */
  readonly name: string;
  /** Null: AWS_REGION or the profile's, else `elseRegion`. */
  readonly region: string | null;
  readonly elseRegion: string;
  readonly profile: string | null;
  /** Invocations in flight at the most; the SDK would else open no more than 50 connections. */
  readonly connections: number;
  /** How long an invocation may take, in seconds. */
  readonly timeoutSeconds: number;
}

/** A function as it can be called. */
export interface DeployedFunction {
  readonly name: string;
  readonly region: string;
  readonly invoke: Invoke;
  /** How many invocations at a time are reserved for it; null where none are, or nobody may know. */
  reserved(): Promise<number | null>;
  /** Closes its connections. */
  close(): void;
}

/** Milliseconds to come to a connection. */
const CONNECT_MS = 5_000;

/** Beyond the function's own time, how long its answer may take, in seconds: the start of an environment, and the way back. */
const GRACE_SECONDS = 15;

/** One attempt for each call: every repetition is the engine's, and counted. */
export async function deployedFunction(settings: FunctionSettings): Promise<DeployedFunction> {
  const { name, elseRegion } = settings;
  const chosen = newClient(settings, settings.region);
  const known = await chosen.config.region().then(() => true, () => false);
  const client = known ? chosen : newClient(settings, elseRegion);
  const region = await client.config.region();
  return {
    name,
    region,
    async invoke(payload) {
      try {
        const input = { FunctionName: name, InvocationType: 'RequestResponse', LogType: 'Tail', Payload: Buffer.from(payload) } as const;
        return invocationOf(await client.send(new InvokeCommand(input)));
      } catch (error) {
        return troubleWith(error, name, region);
      }
    },
    async reserved() {
      try {
        const { ReservedConcurrentExecutions: reserved } = await client.send(new GetFunctionConcurrencyCommand({ FunctionName: name }));
        return reserved ?? null;
      } catch {
        // To know it saves a few refusals; who may not know it is told by them.
        return null;
      }
    },
    close: () => client.destroy(),
  };
}

function newClient({ profile, connections, timeoutSeconds }: FunctionSettings, region: string | null): LambdaClient {
  const agent = { keepAlive: true, maxSockets: connections };
  return new LambdaClient({
    ...(region === null ? {} : { region }),
    ...(profile === null ? {} : { profile }),
    maxAttempts: 1,
    requestHandler: {
      httpAgent: new HttpAgent(agent),
      httpsAgent: new HttpsAgent(agent),
      connectionTimeout: CONNECT_MS,
      socketTimeout: (timeoutSeconds + GRACE_SECONDS) * 1000,
    },
    logger: SILENT,
  });
}

function invocationOf({ Payload, FunctionError, LogResult }: InvokeCommandOutput): Invocation {
  const log = LogResult === undefined ? '' : Buffer.from(LogResult, 'base64').toString();
  const payload = parsed(Payload);
  return FunctionError === undefined ? { kind: 'answered', payload, log } : { kind: 'died', death: deathOf(payload), log };
}

/** Undefined for what is no JSON. */
function parsed(payload: Uint8Array | undefined): unknown {
  try {
    return payload === undefined ? undefined : JSON.parse(Buffer.from(payload).toString());
  } catch {
    return undefined;
  }
}

/** What a library has to say is not for the person who runs this. */
const SILENT = { trace: ignore, debug: ignore, info: ignore, warn: ignore, error: ignore };

function ignore(): void {}
