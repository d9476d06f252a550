import type { FastifyInstance } from 'fastify';

/** The methods that some route takes at a path. Add it before the routes. */
export function watchMethods(app: FastifyInstance): (path: string) => readonly string[] {
  const routes = new Map<string, { readonly path: RegExp; readonly methods: Set<string> }>();
  app.addHook('onRoute', ({ url, method }) => {
    const route = routes.get(url) ?? { path: pathOf(url), methods: new Set<string>() };
    for (const one of [method].flat()) route.methods.add(one);
    routes.set(url, route);
  });
  return (path) => {
    const methods = [...routes.values()].filter((route) => route.path.test(path));
    return [...new Set(methods.flatMap((route) => [...route.methods]))].sort();
  };
}

/** `/v1/keys/:id` matches one part of a path, `/v1/workflows/*` the rest of it. */
function pathOf(url: string): RegExp {
  const parts = url.split('/').map((part) => {
    if (part.startsWith(':')) return '[^/]+';
    return part === '*' ? '.+' : part.replaceAll('.', String.raw`\.`);
  });
  return new RegExp(`^${parts.join('/')}$`);
}
