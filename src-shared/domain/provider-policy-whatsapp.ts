import type { ExponentialBackoff, WhatsAppPolicy } from './provider-policy-types';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const TRANSIENT: ExponentialBackoff = { baseMs: 1_000, maxMs: MINUTE };
const RATE_LIMIT: ExponentialBackoff = { baseMs: 2_000, maxMs: 5 * MINUTE };

/** One row per kind of answer of the WhatsApp Cloud API (error reference of Meta, state of October 2026). */
export const WHATSAPP_POLICIES: readonly WhatsAppPolicy[] = [
  {
    codes: [0, 190],
    kind: 'account-token',
    action: { type: 'pause-sender', resume: 'after-fix' },
    reason: 'WhatsApp does not accept the access token: it is wrong, expired or was revoked.',
    remedy: 'Enter a new system-user token in Settings, then resume the sender.',
  },
  {
    codes: [3, 10, { from: 200, to: 299 }, 131005],
    kind: 'account-permission',
    action: { type: 'pause-sender', resume: 'after-fix' },
    reason: 'The access token may not send from this phone number.',
    remedy: 'Grant the token the messaging permission in Meta Business settings, then resume the sender.',
  },
  {
    codes: [368, 131031],
    kind: 'account-policy',
    action: { type: 'stop-campaign', pauseSender: true },
    reason: 'WhatsApp has restricted or locked the account for breaking its policy.',
    remedy:
      'Read the notice in Meta Business Support and settle it there. Decide then whether to send again.',
  },
  {
    codes: [131042],
    kind: 'account-payment',
    action: { type: 'pause-sender', resume: 'after-fix' },
    reason: 'WhatsApp cannot charge the account.',
    remedy: 'Mend the payment method in Meta Business settings, then resume the sender.',
  },
  {
    codes: [131037, 131045, 133000, 133006, 133010, 133015],
    kind: 'account-registration',
    action: { type: 'pause-sender', resume: 'after-fix' },
    reason: 'The sending phone number is not fully registered with WhatsApp.',
    remedy: 'Finish its registration and its display name in WhatsApp Manager, then resume the sender.',
  },
  {
    codes: [133005, 133008, 133009],
    kind: 'account-pin',
    action: { type: 'pause-sender', resume: 'operator-only' },
    reason: 'WhatsApp refused the number’s two-step verification PIN.',
    remedy:
      'Check or reset the PIN in WhatsApp Manager. Do not try again before: wrong PINs lock the number.',
  },
  {
    codes: [133016],
    kind: 'account-pin',
    action: { type: 'pause-sender', resume: 'operator-only' },
    reason: 'The number was registered too often and is locked by WhatsApp for 72 hours.',
    remedy: 'Wait 72 hours before registering it again. Each try in between starts the time anew.',
  },
  {
    codes: [131048, 131064],
    kind: 'account-quality',
    action: { type: 'pause-sender', resume: 'operator-only' },
    reason: 'WhatsApp limits this number because too many recipients blocked it or reported spam.',
    remedy:
      'Look at the quality rating in WhatsApp Manager. Resume once it has recovered, with a better audience.',
  },
  {
    codes: [4, 80007],
    kind: 'rate-limit-app',
    action: { type: 'slow-down', scope: 'app', factor: 0.5, backoff: RATE_LIMIT },
    reason: 'The app or business account has made too many requests.',
    remedy: 'Nothing: all senders slow down by themselves and go on.',
  },
  {
    codes: [130429],
    kind: 'rate-limit-sender',
    action: { type: 'slow-down', scope: 'sender', factor: 0.5, backoff: RATE_LIMIT },
    reason: 'The phone number sent faster than WhatsApp allows.',
    remedy:
      'Nothing: the rate is cut and the message is sent again. Lower the sender’s limit if it happens often.',
  },
  {
    codes: [131056],
    kind: 'rate-limit-pair',
    action: { type: 'delay-pair', baseSeconds: 4, maxAttempts: 5 },
    reason: 'Too many messages went to this recipient in a short time.',
    remedy: 'Nothing: this recipient is tried again later, all others go on.',
  },
  {
    codes: [1, 2, 131000, 131016, 131057, 133004],
    kind: 'transient',
    action: { type: 'retry', backoff: TRANSIENT, maxAttempts: 5 },
    reason: 'WhatsApp had a temporary problem and did not take the message.',
    remedy: 'Nothing: it is tried again up to 5 times. Retry it later if it still fails.',
  },
  {
    codes: [134101],
    kind: 'transient',
    action: { type: 'wait', ms: 10 * MINUTE, scope: 'recipient', maxAttempts: 5 },
    reason: 'The template is still being synchronised by WhatsApp.',
    remedy: 'Nothing: it is tried again after 10 minutes.',
  },
  {
    codes: [131026],
    kind: 'recipient-unreachable',
    action: { type: 'fail', suppressAfter: 2 },
    reason: 'The message could not be delivered: the number is not on WhatsApp or cannot receive it.',
    remedy: 'Check the number with the recipient. After a second failure it is suppressed.',
  },
  {
    codes: [131021],
    kind: 'recipient-unreachable',
    action: { type: 'fail' },
    reason: 'The recipient is the sending number itself.',
    remedy: 'Take this number out of the audience.',
  },
  {
    codes: [131030],
    kind: 'recipient-unreachable',
    action: { type: 'fail' },
    reason: 'The sender is a test number and this recipient is not on its list.',
    remedy: 'Add the recipient to the test list in Meta’s app dashboard, or send from a real number.',
  },
  {
    codes: [130403],
    kind: 'recipient-unreachable',
    action: { type: 'fail' },
    reason: 'WhatsApp does not allow messages from this sender to this recipient.',
    remedy: 'Check whether the recipient’s country or number may be reached from this sender.',
  },
  {
    codes: [131047],
    kind: 'recipient-window-closed',
    action: { type: 'fail' },
    reason: 'The recipient last wrote more than 24 hours ago: free text is not allowed any more.',
    remedy: 'Send an approved WhatsApp template instead.',
  },
  {
    codes: [131049],
    kind: 'recipient-cap',
    action: { type: 'fail', notBeforeMs: 24 * HOUR },
    reason: 'The recipient has received as many marketing messages as WhatsApp allows for now.',
    remedy: 'Try again after 24 hours at the earliest.',
  },
  {
    codes: [131050],
    kind: 'recipient-opted-out',
    action: { type: 'suppress' },
    reason: 'The recipient has stopped marketing messages from this business.',
    remedy: 'Nothing: the contact is suppressed and gets no further campaigns.',
  },
  {
    codes: [130472, 130497, 131062],
    kind: 'recipient-other',
    action: { type: 'fail' },
    reason:
      'WhatsApp did not deliver to this recipient (experiment group, or a restricted country or category).',
    remedy: 'Reach this recipient another way. Trying again does not help.',
  },
  {
    codes: [33, 100, 131008, 131009, 131051, 135000],
    kind: 'request-bug',
    action: { type: 'fail-and-trip' },
    reason: 'WhatsApp rejects the request as malformed: a value is missing, wrong or not supported.',
    remedy:
      'Check the message type, its parameters and the phone number ID. The campaign stops if it goes on.',
  },
  {
    codes: [131053],
    kind: 'media',
    action: { type: 'pause-campaign' },
    reason: 'WhatsApp could not load the media file.',
    remedy:
      'Check its address, type and size (image 5 MB, audio and video 16 MB, document 100 MB), then resume.',
  },
  {
    codes: [132000],
    kind: 'template',
    action: { type: 'pause-campaign' },
    reason: 'The number of parameters is not the one that the WhatsApp template expects.',
    remedy: 'Match the parameters to the template, then resume the campaign.',
  },
  {
    codes: [132001],
    kind: 'template',
    action: { type: 'pause-campaign' },
    reason: 'The WhatsApp template does not exist in this language, or is not approved.',
    remedy: 'Check the template’s name, language and approval in WhatsApp Manager, then resume the campaign.',
  },
  {
    codes: [132007],
    kind: 'template',
    action: { type: 'pause-campaign' },
    reason: 'The WhatsApp template’s text breaks a WhatsApp policy.',
    remedy: 'Change the template in WhatsApp Manager and have it approved, then resume the campaign.',
  },
  {
    codes: [132012],
    kind: 'template',
    action: { type: 'pause-campaign' },
    reason: 'A parameter has another format than the WhatsApp template expects.',
    remedy: 'Compare the parameters with the template’s definition, then resume the campaign.',
  },
  {
    codes: [132018],
    kind: 'template',
    action: { type: 'pause-campaign' },
    reason: 'A parameter holds a line break, a tab or more than four spaces in a row.',
    remedy: 'Mend the values that the pre-flight check names, then resume the campaign.',
  },
  {
    codes: [132005],
    kind: 'recipient-other',
    action: { type: 'fail' },
    reason: 'With this recipient’s values the WhatsApp template becomes too long.',
    remedy: 'Shorten this recipient’s values, then retry.',
  },
  {
    codes: [132015],
    kind: 'template',
    // Meta pauses a template for 3 hours the first time and 6 the second.
    action: { type: 'wait', ms: 3 * HOUR, scope: 'campaign', maxAttempts: 3 },
    reason: 'WhatsApp has paused the template because of its low quality.',
    remedy: 'Wait for WhatsApp to lift the pause, or go on with another template.',
  },
  {
    codes: [132016],
    kind: 'template',
    action: { type: 'stop-campaign', pauseSender: false, forGood: true },
    reason: 'WhatsApp has disabled the template for good.',
    remedy: 'Write a new template, have it approved and start a new campaign.',
  },
  {
    codes: [132068],
    kind: 'flow',
    action: { type: 'stop-campaign', pauseSender: false },
    reason: 'The template’s flow is blocked by WhatsApp.',
    remedy: 'Mend the flow in WhatsApp Manager, then start the campaign again.',
  },
  {
    codes: [132069],
    kind: 'flow',
    action: { type: 'wait', ms: HOUR, scope: 'campaign', maxAttempts: 5 },
    reason: 'The template’s flow is throttled by WhatsApp.',
    remedy: 'Nothing: it is tried again after an hour.',
  },
];
