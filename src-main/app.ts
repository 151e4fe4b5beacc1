import { contract, type ConsoleContract } from '@shared/contract';
import type { AppStatus } from '@shared/contract/app';
import { ImportId } from '@shared/domain/ids';
import { jobPayloads } from '@shared/domain/jobs';
import type { QueueName } from '@shared/domain/queues';
import { AppFailure, type Result } from '@shared/errors';
import type { Actor, Handlers } from '@shared/rpc/define';
import { createRpcServer, type RpcServer } from '@shared/rpc/server';
import type { Audit } from './activity/audit';
import { createActivityHandlers } from './activity/handlers';
import { createJobJournal } from './activity/journal';
import { createActivityRepository } from './activity/repository';
import { createActivityService, createAudit } from './activity/service';
import type { RestDependencies } from './api/dependencies';
import { backgroundConfig, providerSettings } from './background/config';
import type { SpawnBackground } from './background/control';
import { superviseBackground, type Background } from './background/supervisor';
import { createCampaigns } from './campaigns';
import type { Config } from './config/config';
import type { Environment } from './config/environment';
import type { SecretStore } from './config/secrets';
import type { SettingsFile } from './config/stored-settings';
import { createContactHandlers } from './contacts/handlers';
import { createContactService } from './contacts/service';
import { connectDatabase, type DatabaseConnection } from './database/connection';
import { probeDatabase } from './database/probe';
import type { BullEngine } from './engine/bullmq-engine';
import { createPgliteEngine } from './engine/pglite-engine';
import { probeRedis } from './engine/probe';
import { createRedisEngine } from './engine/redis-engine';
import type { FileExchange } from './files/exchange';
import { guardHandlers } from './guarded-handlers';
import { createImports } from './imports';
import type { Logger } from './logging/logger';
import { createQueuesHandlers } from './queues/handlers';
import { createQueueMetricsRepository } from './queues/repository';
import { createQueuesService, type QueuesService } from './queues/service';
import { Announcer, type NoticeBoard } from './notices/announcer';
import { loadSampleData } from './samples/samples';
import { createSettingsHandlers } from './settings/handlers';
import { createSettingsService, type ApiState, type SettingsService } from './settings/service';
import { createAppHandlers } from './status/handlers';
import { isFirstRun } from './status/repository';
import { createStatusService, type StatusService } from './status/service';
import type { Signals } from './status/signals';
import { createTemplates } from './templates';
import { createWorkersHandlers } from './workers/handlers';
import { createWorkersService } from './workers/service';

export interface AppOptions {
  readonly version: string;
  readonly host: AppStatus['host'];
  readonly dataDir: string;
  readonly environment: Environment;
  readonly settingsFile: SettingsFile;
  readonly secrets: SecretStore;
  readonly files: FileExchange;
  readonly signals: Signals;
  readonly logger: Logger;
  readonly spawnBackground: SpawnBackground;
  readonly runtime: AppStatus['runtime'];
  /** Null where the process cannot restart itself. */
  readonly restart: (() => void) | null;
  /** The REST API as it runs now, and how to make it follow a changed Config. */
  readonly api: { state(): ApiState; apply(config: Config): Promise<void> };
  /** Where a desktop says something outside its window; null where there is no desktop. */
  readonly notices: NoticeBoard | null;
}

export interface App {
  readonly rpc: RpcServer;
  readonly rest: RestDependencies;
  readonly settings: SettingsService;
  /** Who acts through a door: always the one profile of this console. */
  actor(via: Actor['via']): Actor;
  /** Ends everything in order: workers first, the database last. */
  close(): Promise<void>;
}

/** Campaigns and queue are brought together again this often, in ms. */
const RECOVER_EVERY_MS = 60_000;

/**
 * Builds the object graph of a console from its settings; knows no Electron and no HTTP. Resolves when
 * calls can be answered, which does not need the engine or a database server to be reachable: what is
 * down is shown as down and comes back by itself.
 * @throws AppFailure where the embedded database cannot be opened.
 */
export const createApp = async (options: AppOptions): Promise<App> => {
  const { logger, version, files } = options;
  const settings = createSettingsService({
    file: options.settingsFile,
    secrets: options.secrets,
    environment: options.environment,
    dataDir: options.dataDir,
    apiState: () => options.api.state(),
    apply: (config) => applyConfig(config),
  });
  const config = settings.config();
  const background = superviseBackground({
    spawn: options.spawnBackground,
    config: () => backgroundConfig(settings.config(), version),
    report: (message, fields) => logger.warn(message, fields),
  });
  const connection = await openDatabase(config, background, logger);
  const engine = openEngine(config, connection);
  const { database, identity } = connection;
  const actorVia = (via: Actor['via']): Actor => ({
    get organizationId() {
      return identity.organizationId;
    },
    get userId() {
      return identity.profileId;
    },
    via,
  });

  const activityRepository = createActivityRepository(database);
  const written = createAudit(activityRepository, logger);
  let announcer: Announcer | null = null;
  const audit: Audit = async (record) => {
    await written(record);
    announcer?.heard(record);
  };
  const journal = createJobJournal({
    repository: activityRepository,
    logger,
    fallback: { organizationId: identity.organizationId, userId: identity.profileId },
  });
  const queues = createQueuesService({
    engine,
    journal,
    repository: createQueueMetricsRepository(database),
    audit,
    logger,
    organizationId: identity.organizationId,
    onWithdrawn: (queue, data) => accountForWithdrawn({ campaigns, imports }, queue, data),
  });
  const adder = jobAdder(queues);
  const templates = createTemplates({ database, queues: adder, audit });
  const campaigns = createCampaigns({
    database,
    engine,
    queues: adder,
    journal,
    settings: () => providerSettings(settings.config()),
    template: (organizationId, templateId) => templates.service.textOf(organizationId, templateId),
    audit,
    logger,
  });
  const imports = createImports({
    database,
    spreadsheets: background.client.spreadsheets,
    review: background.client.review,
    queues: adder,
    jobs: engine.queue('contact-import'),
    files,
    audit,
    logger,
    dataDir: options.dataDir,
  });
  const contacts = createContactService({ database, audit });
  const workers = createWorkersService({
    coordination: engine.coordination,
    own: background.client.workers,
    save: (choice) => settings.saveWorker(choice),
    audit,
  });
  const status = createStatusService({
    version,
    host: options.host,
    config: () => settings.config(),
    engine,
    database: connection,
    background,
    organization: { id: identity.organizationId, name: identity.organizationName },
    user: { id: identity.profileId, name: identity.profileName },
    runtime: options.runtime,
    isFirstRun: () => isFirstRun(database, identity.organizationId),
    report: (error) => logger.debug('The first run could not be looked after.', { error }),
  });
  const sampleData = (actor: Actor) => {
    const signal = new AbortController().signal;
    const openUpload = (uploadId: string) =>
      imports.handlers.open({ source: { kind: 'upload', uploadId } }, { actor, signal });
    return loadSampleData(
      {
        files,
        openUpload,
        templates: {
          list: (by) => templates.service.list(undefined, by),
          save: (input, by) => templates.service.save(input, undefined, by),
        },
      },
      actor,
      signal,
    );
  };

  const applyConfig = async (next: Config): Promise<void> => {
    const configured = await background.client.providers.configure(providerSettings(next));
    if (!configured.ok)
      logger.warn(`The providers are set up when the background is back: ${configured.error.message}`);
    await options.api.apply(next);
    await status.refresh();
  };

  const handlers: Handlers<ConsoleContract> = guardHandlers({
    app: createAppHandlers({
      status,
      signals: options.signals,
      loadSampleData: sampleData,
    }),
    queues: createQueuesHandlers(queues),
    workers: createWorkersHandlers(workers),
    contacts: createContactHandlers(contacts),
    imports: imports.handlers,
    templates: templates.handlers,
    campaigns: campaigns.handlers,
    activity: createActivityHandlers(createActivityService(activityRepository)),
    settings: createSettingsHandlers({
      service: settings,
      testConnection: (kind, url) => (kind === 'redis' ? probeRedis(url) : probeDatabase(url)),
      restart: options.restart,
      audit,
    }),
  });
  const report = (path: string, thrown: unknown): void => logger.error(`${path} failed.`, { error: thrown });
  const rpc = createRpcServer(contract, handlers, { report });

  queues.start();
  if (options.notices !== null) {
    const looker = actorVia('system');
    announcer = new Announcer({
      board: options.notices,
      engine,
      campaign: (id) => campaigns.service.get(id, looker),
      import: (id) => imports.service.get(ImportId.parse(id), looker),
      wanted: () => settings.config().notifications,
      report: (error) => logger.debug('Nothing could be announced now.', { error }),
    });
    announcer.start();
  }
  const recovery = startRecovery({ imports, campaigns, background, logger });

  return {
    rpc,
    settings,
    actor: actorVia,
    rest: restDependencies({ handlers, status, actor: actorVia('rest'), imports, files }),
    async close() {
      clearInterval(recovery);
      await announcer?.close();
      status.close();
      await imports.stop();
      await queues.shutdown();
      // The engine's sessions go before the process that holds the embedded database.
      await engine.close();
      await connection.close();
      await background.stop();
    },
  };
};

const openDatabase = async (
  config: Config,
  background: Background,
  logger: Logger,
): Promise<DatabaseConnection> => {
  const connection = connectDatabase({
    url: config.databaseUrl,
    onDatabase: (attach) => background.onDatabase(attach),
    logger,
  });
  if (config.databaseUrl === null || config.redisUrl === null) {
    const problem = await background.started();
    if (problem !== undefined) throw new AppFailure(problem);
  }
  await connection.prepare();
  return connection;
};

const openEngine = (config: Config, connection: DatabaseConnection): BullEngine => {
  if (config.redisUrl !== null) return createRedisEngine({ url: config.redisUrl });
  return createPgliteEngine({ pool: connection.embeddedPool });
};

/** The queue manager as campaigns, imports and templates use it: what they add is also written into `job_logs`. */
const jobAdder = (queues: QueuesService) => ({
  addJob: ({ queue, name, data, ...rest }: Parameters<QueuesService['addFlow']>[0]) =>
    queues.addJob(queue, name, data, rest),
  addFlow: (...flow: Parameters<QueuesService['addFlow']>) => queues.addFlow(...flow),
});

/** What was planned behind a job that was taken out of its queue is cancelled, not forgotten. */
const accountForWithdrawn = async (
  { campaigns, imports }: Pick<Recoverable, 'campaigns' | 'imports'>,
  queue: QueueName,
  data: unknown,
): Promise<void> => {
  if (queue === 'contact-import') {
    const job = jobPayloads[queue].safeParse(data);
    if (job.success) await imports.service.jobWithdrawn(job.data.importId);
    return;
  }
  if (queue === 'template-processing') return;
  const batch = jobPayloads[queue].safeParse(data);
  if (batch.success) await campaigns.service.jobWithdrawn(batch.data.campaignId, batch.data.batchNo);
};

interface Recoverable {
  readonly imports: ReturnType<typeof createImports>;
  readonly campaigns: ReturnType<typeof createCampaigns>;
  readonly background: Background;
  readonly logger: Logger;
}

/** Takes up what an earlier run left behind, now and whenever it may have been missed. */
const startRecovery = ({ imports, campaigns, background, logger }: Recoverable): NodeJS.Timeout => {
  const recover = async (): Promise<void> => {
    try {
      await campaigns.recovery.recover();
    } catch (error) {
      logger.warn(
        'Campaigns could not be brought together with their queue; it is tried again in a minute.',
        { error },
      );
    }
  };
  const begin = async (): Promise<void> => {
    await background.started();
    await recover();
    await imports.start();
  };
  void begin();
  return setInterval(() => void recover(), RECOVER_EVERY_MS).unref();
};

interface RestParts {
  readonly handlers: Handlers<ConsoleContract>;
  readonly status: StatusService;
  readonly actor: Actor;
  readonly imports: ReturnType<typeof createImports>;
  readonly files: FileExchange;
}

const restDependencies = ({ handlers, status, actor, imports, files }: RestParts): RestDependencies => ({
  handlers,
  actor,
  status: () => status.current(),
  importContacts: (contacts, options, by): Promise<Result<{ importId: string; jobId: string }>> =>
    imports.service.importContacts(contacts, options, by),
  acceptUpload: (content, fileName) => files.accept(content, fileName),
  openDownload: (url) => files.resolve(url),
});
