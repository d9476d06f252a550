import java.lang.reflect.Field;
import org.eclipse.jetty.server.Connector;
import org.eclipse.jetty.server.NetworkConnector;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import software.amazon.dynamodb.services.local.main.ServerRunner;
import software.amazon.dynamodb.services.local.server.DynamoDBProxyServer;

/**
 * DynamoDB Local that only this machine can reach. Its own main class listens on every address and has no option for
 * it, so the Jetty server inside is told its address before it starts. Takes the same arguments as the original.
 */
public final class LoopbackDynamoDb {
  private LoopbackDynamoDb() {}

  public static void main(String[] arguments) throws Exception {
    DynamoDBProxyServer dynamoDb = ServerRunner.createServerFromCommandLineArgs(arguments);
    for (Connector connector : jettyOf(dynamoDb).getConnectors()) {
      ((ServerConnector) connector).setHost("127.0.0.1");
    }
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(dynamoDb)));
    dynamoDb.start();
    for (Connector connector : jettyOf(dynamoDb).getConnectors()) {
      NetworkConnector network = (NetworkConnector) connector;
      System.out.println("listening on " + network.getHost() + ":" + network.getLocalPort());
    }
    dynamoDb.join();
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
