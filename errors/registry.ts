import type { Catalogue } from './catalogue-entry.ts';

export const registryErrors = {
  PAIR_NOT_FOUND: {
    status: 404,
    exit: 'notFound',
    meaning: 'The registry holds nothing for this pair of model and feature set.',
    remedy: 'Check both names; a pair appears with its first registered version.',
  },
  VERSION_NOT_FOUND: {
    status: 404,
    exit: 'notFound',
    meaning: 'The pair has no version of this number.',
    remedy: 'List the versions of the pair and use one of those numbers.',
  },
  VERSION_DELETED: {
    status: 410,
    exit: 'notFound',
    meaning: 'The version was deleted before it was ever approved; only its number remains.',
    remedy: 'Use another version; the dossier of the pair says who deleted this one, and why.',
  },
  VERSION_WAS_APPROVED: {
    status: 409,
    exit: 'failed',
    meaning: 'A version that was approved at any time is kept as evidence and cannot be deleted.',
    remedy: 'Archive it instead.',
  },
  ARTIFACT_NOT_FOUND: {
    status: 404,
    exit: 'notFound',
    meaning: 'The version has no artifact of this name.',
    remedy: 'Use one of the names in the details.',
  },
  DEPLOYMENT_NOT_FOUND: {
    status: 404,
    exit: 'notFound',
    meaning: 'The pair has no deployment of this number.',
    remedy: 'List the deployments of the pair and use one of those numbers.',
  },
  NO_LIVE_VERSION: {
    status: 404,
    exit: 'notFound',
    meaning: 'No version of the pair was live at this moment.',
    remedy: 'Read the history of the pair for the moments it had a live version, or deploy an approved one.',
  },
  ALIAS_NOT_FOUND: {
    status: 404,
    exit: 'notFound',
    meaning: 'The pair has no alias of this name.',
    remedy: 'List the aliases of the pair and use one of those names.',
  },
  ALIAS_RESERVED: {
    status: 422,
    exit: 'badInput',
    meaning: 'This alias belongs to the platform and cannot be set or removed.',
    remedy: 'Use another name; deploy or roll back to change which version is live.',
  },
  ALIASES_TOO_MANY: {
    status: 409,
    exit: 'failed',
    meaning: 'The pair has the maximum number of aliases.',
    remedy: 'Remove an alias that is no longer used.',
  },
  TAGS_OVER_LIMIT: {
    status: 422,
    exit: 'badInput',
    meaning: 'The tags of a version are too many, or a key or value of one is too long or malformed.',
    remedy:
      'Use at most 50 tags, keys of at most 64 letters, digits and _ . : / -, and values of at most 1,024 bytes; keep longer texts in the model card.',
  },
  STAGE_MOVE_NOT_ALLOWED: {
    status: 409,
    exit: 'failed',
    meaning: 'A version cannot go from its present stage to the stage asked for.',
    remedy: 'Read the stage of the version; the details name the stages it may go to.',
  },
  VERSION_NOT_APPROVED: {
    status: 409,
    exit: 'failed',
    meaning: 'Only a version that was approved can be deployed.',
    remedy: 'Have people who are not among its authors approve it first.',
  },
  VERSION_WITHDRAWN: {
    status: 409,
    exit: 'failed',
    meaning:
      'The version was withdrawn, which is final: it is never deployed, scored or rolled back to again.',
    remedy: 'Use another version; the card and the dossier say who withdrew this one and why.',
  },
  VERSION_ALREADY_JUDGED: {
    status: 409,
    exit: 'failed',
    meaning: 'A version is approved or rejected once; this one has been judged.',
    remedy: 'Read its approvals; to change the outcome, register a new version.',
  },
  APPROVAL_ALREADY_GIVEN: {
    status: 409,
    exit: 'failed',
    meaning: 'The same person has approved this version before, and the rule asks for several people.',
    remedy: 'Ask another person to approve it.',
  },
  APPROVAL_EXPIRED: {
    status: 409,
    exit: 'failed',
    meaning: 'An approval of the version expires before the version would go live.',
    remedy: 'Have the version approved again, or deploy it earlier.',
  },
  APPROVER_ROLE_MISSING: {
    status: 403,
    exit: 'notAllowed',
    meaning: 'Approvers of this risk tier need a role that the caller does not have.',
    remedy:
      "Ask somebody with that role, or change the tier's role in the Platform document's approval rules.",
  },
  EVIDENCE_CHANGED: {
    status: 409,
    exit: 'failed',
    meaning: 'The card, the gates or the evaluation are not those that the approver saw.',
    remedy: 'Read the version and its card again, then approve with the digest that they show now.',
  },
  APPROVER_IS_AUTHOR: {
    status: 403,
    exit: 'notAllowed',
    meaning: 'An author of a version of this risk tier may not approve it.',
    remedy:
      "Ask somebody who changed nothing that the version is made from, or allow it with author_may_approve for the tier in the Platform document's approval rules.",
  },
  CARD_FIXED: {
    status: 409,
    exit: 'failed',
    meaning: 'The card of a version cannot change once the version is scheduled, live, archived or rejected.',
    remedy: 'Cancel the deployment first if it is only scheduled; else register a new version.',
  },
  CARD_INCOMPLETE: {
    status: 409,
    exit: 'failed',
    meaning: 'Required fields of the model card are empty, so the version cannot be approved.',
    remedy:
      'Fill in the keys that the message names in the YAML of the model, apply it, and train as of another date: the same date returns the existing version.',
  },
  GATE_NOT_WAIVED: {
    status: 409,
    exit: 'failed',
    meaning: 'A gate failed, and the approval holds no waiver for it.',
    remedy: 'Reject the version, or approve it with a waiver that gives a reason for each failed gate.',
  },
  WAIVER_NOT_NEEDED: {
    status: 422,
    exit: 'badInput',
    meaning: 'A waiver names a gate that did not fail, or gives no reason.',
    remedy: 'Send waivers only for the failed gates named in the details, each with a reason.',
  },
  REASON_MISSING: {
    status: 422,
    exit: 'badInput',
    meaning: 'This change is recorded in the dossier, so it needs a reason.',
    remedy: 'Give a reason of at least one word.',
  },
  DEPLOYMENT_NUMBER_TAKEN: {
    status: 409,
    exit: 'failed',
    meaning: 'The pair has a deployment of this number already.',
    remedy: 'Read the number of the last deployment and ask again with the next one.',
  },
  DEPLOYMENT_NOT_SCHEDULED: {
    status: 409,
    exit: 'failed',
    meaning: 'Only a deployment that is still scheduled can be cancelled.',
    remedy: 'Read its status; to take a live version out, deploy another one or archive it.',
  },
  DEPLOYMENT_ALREADY_SCHEDULED: {
    status: 409,
    exit: 'failed',
    meaning: 'The pair has a scheduled deployment, and the request does not say which of the two counts.',
    remedy:
      'Send `replaces` with its number to cancel it in the same step, or `beside: true` to keep both (`millrace deploy --replaces <n>` or `--beside`).',
  },
  DEPLOYMENT_MOVED: {
    status: 409,
    exit: 'failed',
    meaning:
      'The deployment that the request wants to leave is not the live one, or is about to be replaced.',
    remedy:
      'Read what is live now and decide again. If a due deployment is in the way, cancel it first or wait until it is live.',
  },
  DEPLOYMENT_STILL_SCHEDULED: {
    status: 409,
    exit: 'failed',
    meaning: 'The version has a deployment that is still scheduled.',
    remedy: 'Cancel the deployment named in the details first.',
  },
  DEPLOYMENTS_TOO_MANY: {
    status: 409,
    exit: 'failed',
    meaning: 'The pair has as many scheduled deployments as it may have at once.',
    remedy: 'Cancel those that are no longer wanted, or wait until one has gone live.',
  },
  ROLLBACK_TARGET_MISSING: {
    status: 409,
    exit: 'failed',
    meaning: 'No earlier live version is left to roll back to.',
    remedy: 'Read the history of the pair; to make another version live, deploy it.',
  },
  ROLLBACK_TARGET_TAKEN_OUT: {
    status: 409,
    exit: 'failed',
    meaning: 'Somebody took this version out of live by hand, so no rollback leads back to it.',
    remedy: 'Roll back to another version. To make this one live all the same, deploy it.',
  },
  GO_LIVE_INVALID: {
    status: 422,
    exit: 'badInput',
    meaning: 'No moment of going live follows from this instant, policy and time zone.',
    remedy:
      'Use `next_day` or `{ after: 2s }`, an ISO-8601 instant and an IANA time zone such as Europe/London.',
  },
  INSTANT_INVALID: {
    status: 400,
    exit: 'badInput',
    meaning: 'This is not a moment in time.',
    remedy: 'Write it as ISO-8601 with a zone, such as 2026-11-24T05:00:00Z.',
  },
  COMMAND_ID_REUSED: {
    status: 409,
    exit: 'failed',
    meaning: 'This command id (Idempotency-Key) was used before, for another request.',
    remedy: 'Use a new command id for a new request; the same id is only for repeating the same one.',
  },
  REGISTRY_BUSY: {
    status: 503,
    exit: 'unreachable',
    meaning: 'So many writers changed this pair at once that the change could not be committed in time.',
    remedy: 'Try again with the same command id; nothing was changed.',
    transient: true,
  },
  REGISTRY_CONTRADICTS_ITSELF: {
    status: 500,
    exit: 'failed',
    meaning: 'Items of one pair do not agree with each other, so nothing was written.',
    remedy:
      'Stop writing to the pair, verify its dossier, and compare the table with its backup: it was changed by hand.',
  },
  ARTIFACT_MISSING: {
    status: 409,
    exit: 'failed',
    meaning: 'An artifact that the version would name is not in the object store.',
    remedy: 'Train again; if it happens again, look who removes objects under models/.',
  },
  ARTIFACT_DIGEST_MISMATCH: {
    status: 409,
    exit: 'failed',
    meaning: 'An artifact does not have the bytes that the training recorded.',
    remedy: 'Treat the object as tampered: find who wrote it, and train again under a new prefix.',
  },
  ARTIFACT_PLACE_WRONG: {
    status: 422,
    exit: 'badInput',
    meaning: 'An artifact is outside the prefix of its model and feature set, or is named twice.',
    remedy: 'Register only what the training wrote under its own prefix.',
  },
  TRAINING_MANIFEST_DIFFERS: {
    status: 409,
    exit: 'failed',
    meaning: 'The manifest of the training does not say what the registration says.',
    remedy: 'Register exactly what manifest.json holds; if it was changed by hand, train again.',
  },
  CARD_INVALID: {
    status: 422,
    exit: 'badInput',
    meaning: 'The model card does not follow its schema.',
    remedy: 'Correct the fields named in the details; each takes a value or {"not_measurable": "because …"}.',
  },
  CARD_UNREADABLE: {
    status: 500,
    exit: 'failed',
    meaning: 'The stored card of the version is missing or does not have the digest in the registry.',
    remedy: 'Treat the object as tampered; the copy named in the dossier shows what it was.',
  },
  DOSSIER_COPY_DIFFERS: {
    status: 500,
    exit: 'failed',
    meaning:
      "The object store holds other bytes under the key of a dossier's segment than the registry's entries.",
    remedy:
      'Keep both texts, verify the dossier, and find who wrote to dossiers/: segments are never overwritten.',
  },
  DOSSIER_COPY_UNKNOWN: {
    status: 500,
    exit: 'failed',
    meaning: 'An object among the copies of a dossier is not a segment of it.',
    remedy:
      'Keep the object elsewhere, remove it from dossiers/ and verify again. Earlier builds wrote one object for each entry (entry=000001.json); of any other object, find who wrote it.',
  },
  PAGE_TOKEN_INVALID: {
    status: 400,
    exit: 'badInput',
    meaning: 'This is not a page token that the registry gave out for this listing.',
    remedy: 'Start the listing again without a page token.',
  },
} as const satisfies Catalogue;
