import type { EmailType } from './jobs';
import { JobPriority, type JobPriorityValue } from './queues';

/** What an email of one type begins with and what it has to hold. */
export interface EmailTypeRules {
  readonly subject: string;
  readonly html: string;
  readonly priority: JobPriorityValue;
  /** Variables without which an email of this type is useless: they have to stand in its body. */
  readonly needs: readonly string[];
  /** Sent to many who did not ask for this one: mailboxes expect a way out of it. */
  readonly wantsUnsubscribe: boolean;
}

/** The guide's five types. The texts are a beginning, to be written over. */
export const EMAIL_TYPES: Readonly<Record<EmailType, EmailTypeRules>> = {
  welcome: {
    subject: 'Welcome, {{name|friend}}',
    html: '<h1>Welcome, {{name|friend}}</h1>\n<p>Good to have you with us. Reply to this email whenever you have a question.</p>',
    priority: JobPriority.HIGH,
    needs: [],
    wantsUnsubscribe: false,
  },
  password_reset: {
    subject: 'Set a new password',
    html: '<p>Hello {{name|there}},</p>\n<p><a href="{{reset_url}}">Set a new password</a></p>\n<p>If you did not ask for this, do nothing: your password stays as it is.</p>',
    priority: JobPriority.CRITICAL,
    needs: ['reset_url'],
    wantsUnsubscribe: false,
  },
  notification: {
    subject: 'News about {{topic|your account}}',
    html: '<p>Hello {{name|there}},</p>\n<p>there is something new about {{topic|your account}}.</p>',
    priority: JobPriority.NORMAL,
    needs: [],
    wantsUnsubscribe: false,
  },
  campaign: {
    subject: '{{name|Hello}}, this is for you',
    html: '<h1>Hello {{name|there}}</h1>\n<p>Write what is new.</p>',
    priority: JobPriority.NORMAL,
    needs: [],
    wantsUnsubscribe: true,
  },
  system: {
    subject: 'About the service',
    html: '<p>Hello {{name|there}},</p>\n<p>say what happened, whom it concerns and until when.</p>',
    priority: JobPriority.HIGH,
    needs: [],
    wantsUnsubscribe: false,
  },
};

/** Resend's limit for one email, after base64. */
export const MAX_EMAIL_BYTES = 40 * 1024 ** 2;

/** What a file weighs in an email: base64 makes four bytes of three. */
export const base64Bytes = (sizeBytes: number): number => Math.ceil(sizeBytes / 3) * 4;
