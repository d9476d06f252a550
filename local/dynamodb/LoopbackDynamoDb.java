import java.lang.reflect.Field;
import java.util.Set;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import software.amazon.dynamodb.services.local.main.ServerRunner;
import software.amazon.dynamodb.services.local.server.DynamoDBProxyServer;

/**
 * DynamoDB Local that only programs of this machine can reach. Its own main class listens on every address and answers web
 * pages, and has no option for either, so the Jetty server inside is changed before it starts. Takes the same arguments as
 * the original.
 */
public final class LoopbackDynamoDb {
  private LoopbackDynamoDb() {}

  public static void main(String[] arguments) throws Exception {
    DynamoDBProxyServer dynamoDb = ServerRunner.createServerFromCommandLineArgs(arguments);
    Server jetty = jettyOf(dynamoDb);
    for (Connector connector : jetty.getConnectors()) {
      ((ServerConnector) connector).setHost("127.0.0.1");
    }
    jetty.setHandler(new RefuseWebPages(jetty.getHandler()));
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(dynamoDb)));
    dynamoDb.start();
    for (Connector connector : jetty.getConnectors()) {
      NetworkConnector network = (NetworkConnector) connector;
      System.out.println("listening on " + network.getHost() + ":" + network.getLocalPort());
    }
    dynamoDb.join();
  }

  /**
   * A browser names the page that asks in `Origin`, and the page's own host in `Host` when that host's name was made to
   * point to this machine.
   */
  private static final class RefuseWebPages extends Handler.Wrapper {
    private static final Set<String> OWN_HOSTS = Set.of("127.0.0.1", "localhost");

    RefuseWebPages(Handler dynamoDb) {
      super(dynamoDb);
    }

    @Override
    public boolean handle(Request request, Response response, Callback callback) throws Exception {
      boolean ofPage = request.getHeaders().contains(HttpHeader.ORIGIN);
      if (!ofPage && OWN_HOSTS.contains(Request.getServerName(request))) {
        return super.handle(request, response, callback);
      }
      Response.writeError(request, response, callback, 403, "Web pages may not use this server");
      return true;
    }
  }

  private static Server jettyOf(DynamoDBProxyServer dynamoDb) throws ReflectiveOperationException {
    Field server = DynamoDBProxyServer.class.getDeclaredField("server");
    server.setAccessible(true);
    return (Server) server.get(dynamoDb);
  }

  private static void stop(DynamoDBProxyServer dynamoDb) {
    try {
      dynamoDb.stop();
    } catch (Exception problem) {
      System.err.println("DynamoDB Local did not stop cleanly: " + problem);
    }
  }
}
