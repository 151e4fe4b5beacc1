import { describe, expect, it } from 'vitest';
import { captionProblem, textBodyProblem } from './whatsapp-text';

describe('a text message', () => {
  it('holds 1 to 4096 characters', () => {
    expect(textBodyProblem('x'.repeat(4096))).toBeUndefined();
    expect(textBodyProblem('x'.repeat(4097))).toEqual({
      code: 'too-long',
      message: 'The message has 4097 characters; WhatsApp takes at most 4096.',
    });
    expect(textBodyProblem(' \n ')?.code).toBe('empty');
    expect(captionProblem('x'.repeat(1025))?.code).toBe('too-long');
    expect(captionProblem('')).toBeUndefined();
  });
});
