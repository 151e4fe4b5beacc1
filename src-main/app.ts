import { contract, type ConsoleContract } from '@shared/contract';
import type { AppStatus, MenuCommand } from '@shared/contract/app';
import { ImportId } from '@shared/domain/ids';
import { AppFailure, type Result } from '@shared/errors';
import type { Actor, Handlers } from '@shared/rpc/define';
import { createRpcServer, type RpcServer } from '@shared/rpc/server';
import { createActivity } from './activity';
import { createAlerts } from './alerts';
import type { RestDependencies } from './api/dependencies';
import { backgroundConfig, providerSettings } from './background/config';
import type { SpawnBackground } from './background/control';
import { superviseBackground, type Background } from './background/supervisor';
import { createCampaigns } from './campaigns';
import { createAudienceHandlers } from './campaigns/audience/handlers';
import { createDeliveryReports } from './campaigns/delivery-reports/service';
import type { Config } from './config/config';
import type { Environment } from './config/environment';
import type { SecretStore } from './config/secrets';
import type { SettingsFile } from './config/stored-settings';
import { createContactHandlers } from './contacts/handlers';
import { createContactService } from './contacts/service';
import { connectDatabase, type DatabaseConnection } from './database/connection';
import { probeDatabase } from './database/probe';
import { createEmailHandlers } from './emails';
import type { BullEngine } from './engine/bullmq-engine';
import { createPgliteEngine } from './engine/pglite-engine';
import { probeRedis } from './engine/probe';
import { createRedisEngine } from './engine/redis-engine';
import type { FileExchange } from './files/exchange';
import { createFindHandlers } from './find/handlers';
import { FindService } from './find/service';
import { guardHandlers } from './guarded-handlers';
import { createHealthHandlers } from './health/handlers';
import { createEngineMetricsRepository } from './health/repository';
import { createHealthService } from './health/service';
import { createImports } from './imports';
import type { Logger } from './logging/logger';
import { createQueues } from './queues';
import { Announcer, type NoticeBoard } from './notices/announcer';
import { loadSampleData } from './samples/samples';
import { createSchedules } from './schedules';
import { OverdueNotices } from './schedules/overdue-notices';
import { createSettingsHandlers } from './settings/handlers';
import { createSettingsService, type ApiState, type SettingsService } from './settings/service';
import { createAppHandlers } from './status/handlers';
import { isFirstRun } from './status/repository';
import { createStatusService, type StatusService } from './status/service';
import type { Signals } from './status/signals';
import { createTemplates } from './templates';
import { startRecovery, startUpkeep } from './upkeep';
import { accountForWithdrawn } from './withdrawn-jobs';
import { createWorkersHandlers } from './workers/handlers';
import { createWorkersService } from './workers/service';
import { createTimeLimitService } from './workers/time-limit/service';

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
  /** The native menu, which shows what the window offers; null where there is none. */
  readonly menu: { offer(commands: readonly MenuCommand[]): void } | null;
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

  let announcer: Announcer | null = null;
  const activity = createActivity({
    database,
    owner: identity,
    cleaner: actorVia('system'),
    keepDays: () => settings.config().jobLogDays,
    onRecord: (record) => announcer?.heard(record),
    files,
    logger,
  });
  const { audit, journal } = activity;
  const queues = createQueues({
    engine,
    database,
    organizationId: identity.organizationId,
    journal,
    files,
    audit,
    logger,
    onWithdrawn: (queue, data) => accountForWithdrawn({ campaigns, imports, templates }, queue, data),
  });
  const find = new FindService({
    engine,
    database,
    isServer: config.databaseUrl !== null,
    defaultCountry: () => settings.config().defaultCountry,
    report: (kind, error) => logger.warn(`The palette could not ask for a ${kind}.`, { error }),
  });
  const health = createHealthService({
    engine,
    repository: createEngineMetricsRepository(database),
    organizationId: identity.organizationId,
    logger,
  });
  const alerts = createAlerts({
    ...{ database, databaseHealth: connection, engine, identity, audit },
    overview: (maxAgeMs) => queues.service.recentOverview(maxAgeMs),
    heardSince: (queue, from) => queues.service.heardSince(queue, from),
    vitals: (maxAgeMs) => health.vitals(maxAgeMs),
    board: options.notices,
    choice: () => {
      const { notifications, telling } = settings.config();
      return { notifications, ...telling };
    },
    savePause: (until) => settings.savePause(until),
    report: (what, error) => logger.warn(`The console could not ${what}.`, { error }),
  });
  const templates = createTemplates({
    database,
    queues: queues.adder,
    jobs: engine.queue('template-processing'),
    journal,
    files,
    audit,
  });
  const campaigns = createCampaigns({
    database,
    engine,
    queues: queues.adder,
    journal,
    settings: () => providerSettings(settings.config()),
    template: (organizationId, templateId) => templates.service.textOf(organizationId, templateId),
    formerLimit: {
      organizationId: identity.organizationId,
      people: () => settings.config().whatsapp.formerMessagingLimit,
    },
    defaultCountry: () => settings.config().defaultCountry,
    isServer: config.databaseUrl !== null,
    audit,
    files,
    logger,
  });
  const schedules = createSchedules({
    database,
    engine,
    queues: queues.adder,
    campaigns: campaigns.service,
    audit,
    logger,
  });
  const imports = createImports({
    database,
    spreadsheets: background.client.spreadsheets,
    review: background.client.review,
    queues: queues.adder,
    jobs: engine.queue('contact-import'),
    files,
    audit,
    logger,
    dataDir: options.dataDir,
  });
  const deliveryReports = createDeliveryReports(database, logger);
  const contacts = createContactService({ database, audit });
  const workers = createWorkersService({
    coordination: engine.coordination,
    engine,
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
          list: (by) => templates.service.list({}, by),
          save: (input, by) => templates.service.save(input, {}, by),
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
    // Not waited for: Settings can be saved while the database is away.
    void campaigns.senders.settingsChanged(identity).catch((error: unknown) => {
      logger.warn('Workers elsewhere learn the new limits with the next launch.', { error });
    });
    await options.api.apply(next);
    alerts.changed();
    await status.refresh();
  };

  const handlers: Handlers<ConsoleContract> = guardHandlers({
    app: createAppHandlers({
      status,
      signals: options.signals,
      offerMenu: (commands) => options.menu?.offer(commands),
      loadSampleData: sampleData,
    }),
    find: createFindHandlers(find),
    ...queues.handlers,
    health: createHealthHandlers(health),
    alerts: alerts.handlers,
    workers: createWorkersHandlers(
      workers,
      createTimeLimitService({
        ...{ database, audit },
        environmentSeconds: settings.config().timeLimitSeconds,
      }),
    ),
    contacts: createContactHandlers(contacts),
    imports: imports.handlers,
    templates: templates.handlers,
    templateRuns: templates.runs.handlers,
    audiences: createAudienceHandlers({ database, files, spreadsheets: background.client.spreadsheets }),
    campaigns: campaigns.handlers,
    schedules: schedules.handlers,
    senders: campaigns.senderHandlers,
    emails: createEmailHandlers({ database, files }),
    activity: activity.handlers,
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
  void background.started().then(() => queues.startOperations());
  health.start();
  alerts.start();
  if (options.notices !== null) {
    const looker = actorVia('system');
    announcer = new Announcer({
      board: options.notices,
      engine,
      campaign: (id) => campaigns.service.get(id, looker),
      import: (id) => imports.service.get(ImportId.parse(id), looker),
      wanted: () => alerts.mayTellNews(),
      report: (error) => logger.debug('Nothing could be announced now.', { error }),
    });
    announcer.start();
  }
  const recovery = startRecovery({ imports, campaigns, templates, background, logger });
  const overdue =
    options.notices === null
      ? null
      : new OverdueNotices({
          board: options.notices,
          overdue: () => schedules.service.overdue(actorVia('system')),
          wanted: () => alerts.mayTellNews(),
        });
  activity.start();
  const upkeep = startUpkeep({ schedules, overdue, background, logger });

  return {
    rpc,
    settings,
    actor: actorVia,
    rest: {
      ...restDependencies({ handlers, status, actor: actorVia('rest'), imports, files }),
      webhooks: {
        secrets: () => webhookSecrets(settings.config()),
        take: (channel, reports) => deliveryReports.take(channel, reports),
        inbound: (messages) => deliveryReports.inbound(identity.organizationId, messages),
        notices: (notices) => deliveryReports.notices(identity.organizationId, notices),
      },
    },
    async close() {
      clearInterval(recovery);
      clearInterval(upkeep);
      await activity.close();
      await announcer?.close();
      await alerts.close();
      status.close();
      await queues.stop();
      await imports.stop();
      health.stop();
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

interface RestParts {
  readonly handlers: Handlers<ConsoleContract>;
  readonly status: StatusService;
  readonly actor: Actor;
  readonly imports: ReturnType<typeof createImports>;
  readonly files: FileExchange;
}

const webhookSecrets = ({
  whatsapp,
  email,
}: Config): ReturnType<RestDependencies['webhooks']['secrets']> => ({
  whatsappAppSecret: whatsapp.appSecret,
  whatsappVerifyToken: whatsapp.verifyToken,
  resendSecret: email.webhookSecret,
});

const restDependencies = ({
  handlers,
  status,
  actor,
  imports,
  files,
}: RestParts): Omit<RestDependencies, 'webhooks'> => ({
  handlers,
  actor,
  status: () => status.current(),
  importContacts: (contacts, options, by): Promise<Result<{ importId: string; jobId: string }>> =>
    imports.service.importContacts(contacts, options, by),
  acceptUpload: (content, fileName) => files.accept(content, fileName),
  openDownload: (url) => files.resolve(url),
});
