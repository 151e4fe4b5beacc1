import { defineTexts } from '@renderer/i18n/i18n';

/** Words of the senders and their limits. */
export const useSendersText = defineTexts('senders', {
  en: {
    title: 'Senders',
    hint: 'Who messages are sent through, and how fast it goes at this moment, all workers together.',
    empty: 'Nobody has sent anything yet',
    emptyHint:
      'A sender appears with the first message that goes through it. Numbers and addresses are set in Settings.',
    settings: 'Open Settings',
    whatsapp: 'WhatsApp',
    email: 'Email',
    sandbox: 'Sandbox: nothing is really sent',
    allowed: 'Allowed now',
    allowedAgain: '{{rate}} again at {{at}}',
    measured: 'Measured',
    measuredHint: 'accepted over the last 10 s',
    limitUnit: 'a second',
    limitOf: 'Limit of {{address}}',
    own: 'Set for this sender',
    ofChannel: 'The channel’s setting',
    set: 'Set the limit',
    reset: 'Take the channel’s setting',
    saved: '{{address}} sends at most {{rate}} from now on.',
    state: { paused: 'Paused', held: 'Held', slowed: 'Slowed down', full: 'Full rate' },
    slowed: {
      '130429': 'WhatsApp said that this number sends too fast (130429).',
      '80007': 'WhatsApp said that the whole app asks too much (80007); it counts for all its numbers.',
      '4': 'WhatsApp said that the whole app asks too much (4); it counts for all its numbers.',
      other: 'The provider slowed it down ({{code}}).',
    },
    slowedTo: 'Lowered to {{share}} of the limit since {{since}}; it comes back by 1% of the limit a second.',
    held: 'Resend asked to wait (retry-after or ratelimit headers): nothing goes before {{until}}.',
    heldOther: 'The provider asked to wait: nothing goes before {{until}}.',
    line: 'Sender',
    lineRate: '{{rate}} allowed now',
    lineHeld: 'nothing before {{until}}',
  },
  de: { title: 'Absender' },
});
