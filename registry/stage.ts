export const STAGES = ['registered', 'approved', 'scheduled', 'live', 'archived', 'rejected'] as const;
export type Stage = (typeof STAGES)[number];
