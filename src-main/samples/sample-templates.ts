import type { z } from 'zod';
import type { TemplateInput } from '@shared/contract/templates';

/** Messages that fit the sample list: its columns are their variables. */
export const SAMPLE_TEMPLATES: readonly z.infer<typeof TemplateInput>[] = [
  {
    name: 'Order ready',
    channel: 'whatsapp',
    subject: null,
    body: 'Hello {{name|there}}, your order {{order_id}} is ready! You can pick it up in {{city|our shop}}.',
  },
  {
    name: 'Delivery tomorrow',
    channel: 'whatsapp',
    subject: null,
    body: 'Hi {{name|there}}, we deliver order {{order_id}} tomorrow between 9:00 and 17:00. Reply STOP to get no more messages.',
  },
  {
    name: 'Thank you',
    channel: 'email',
    subject: 'Thank you for order {{order_id}}',
    body: 'Dear {{name|customer}},\n\nthank you for your order {{order_id}} over {{amount}}.\n\nYour team',
  },
];
