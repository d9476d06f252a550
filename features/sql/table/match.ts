import type { SqlType } from '../types.ts';
import type { Constants, Entry, Signature } from './entry.ts';
import { type Bindings, boundType, matchPattern } from './pattern.ts';

export interface MatchedSignature {
  readonly signature: Signature;
  /** Types to which the arguments are converted. */
  readonly args: readonly SqlType[];
  readonly result: SqlType;
}

/** The signature that fits the argument types with the least conversion; the first of equals. */
export function matchSignature(
  { signatures }: Pick<Entry, 'signatures'>,
  types: readonly SqlType[],
  constants: Constants,
): MatchedSignature | undefined {
  let best: (MatchedSignature & { readonly cost: number }) | undefined;
  for (const signature of signatures) {
    const found = matchOne(signature, types, constants);
    if (found !== undefined && (best === undefined || found.cost < best.cost)) best = found;
  }
  return best;
}

function matchOne(
  signature: Signature,
  types: readonly SqlType[],
  constants: Constants,
): (MatchedSignature & { readonly cost: number }) | undefined {
  const { params, rest, result } = signature;
  if (types.length < params.length || (rest === undefined && types.length > params.length)) return undefined;
  const bindings: Bindings = new Map();
  let cost = 0;
  // Twice, because a letter may be bound to a wider type by a later argument.
  let args: SqlType[] = [];
  for (const _pass of [1, 2]) {
    cost = 0;
    args = [];
    for (const [index, type] of types.entries()) {
      const wanted = params[index] ?? rest;
      if (wanted === undefined) return undefined;
      if (wanted.constant === true && constants.constants[index] === undefined) return undefined;
      const unit = type.kind === 'void' && typeof constants.constants[index] === 'string';
      if (unit !== (wanted.type === 'unit')) return undefined;
      const found =
        unit || wanted.type === 'lambda' ? { type, cost: 0 } : matchPattern(wanted.type, type, bindings);
      if (found === undefined) return undefined;
      cost += found.cost;
      args.push(found.type);
    }
  }
  const converted = signature.convert === undefined ? args : signature.convert(args, constants);
  if (converted === undefined) return undefined;
  const made =
    typeof result === 'string'
      ? boundType(result, bindings)
      : typeof result === 'function'
        ? result(converted, constants)
        : result;
  return { signature, args: converted, result: made, cost };
}
