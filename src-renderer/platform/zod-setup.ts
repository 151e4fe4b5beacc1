import { z } from 'zod';
import { speakPlainly } from '@shared/plain-issues';

// Import this before any schema: zod decides when a schema is made whether it may compile it with
// `new Function`, which the content security policy forbids (and reports, even though zod catches it).
z.config({ jitless: true });
speakPlainly();
