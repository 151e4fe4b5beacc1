import { z } from 'zod';
import type { Duplex } from '@shared/rpc/duplex';

const names = ['control', 'rpc', 'database'] as const;
type ChannelName = (typeof names)[number];

/** The three conversations of main with its background process. */
export type Channels = Readonly<Record<ChannelName, Duplex>>;

const Addressed = z.tuple([z.enum(names), z.unknown()]);

/** Splits one duplex into the three channels, for processes that have a single pipe between them. */
export const splitChannels = (whole: Duplex): Channels => {
  const control = createChannel(whole, 'control');
  const rpc = createChannel(whole, 'rpc');
  const database = createChannel(whole, 'database');
  const channels = { control, rpc, database };
  whole.onMessage((message) => {
    const addressed = Addressed.safeParse(message);
    if (addressed.success) channels[addressed.data[0]].deliver(addressed.data[1]);
  });
  return { control: control.duplex, rpc: rpc.duplex, database: database.duplex };
};

interface Channel {
  readonly duplex: Duplex;
  deliver(message: unknown): void;
}

const createChannel = (whole: Duplex, name: ChannelName): Channel => {
  const early: unknown[] = [];
  let receive: ((message: unknown) => void) | undefined;
  return {
    deliver: (message) => {
      if (receive === undefined) early.push(message);
      else receive(message);
    },
    duplex: {
      post: (message) => whole.post([name, message]),
      onMessage: (next) => {
        receive = next;
        for (const message of early.splice(0)) next(message);
      },
      onClose: (closed) => whole.onClose(closed),
      close: () => whole.close(),
    },
  };
};
