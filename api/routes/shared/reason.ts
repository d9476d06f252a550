import { z } from 'zod';
import { visibleText } from '#configs/visible-text.ts';

/** Why somebody did something: kept in the dossier and shown on cards, so it holds nothing that readers cannot see. */
export const reasonSchema = visibleText(z.string().trim().min(1).max(2_000));
