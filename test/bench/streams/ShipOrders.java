import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.common.serialization.Serde;
import org.apache.kafka.common.serialization.Serdes;
import org.apache.kafka.streams.KafkaStreams;
import org.apache.kafka.streams.KeyValue;
import org.apache.kafka.streams.StreamsBuilder;
import org.apache.kafka.streams.StreamsConfig;
import org.apache.kafka.streams.kstream.Consumed;
import org.apache.kafka.streams.kstream.Joined;
import org.apache.kafka.streams.kstream.KTable;
import org.apache.kafka.streams.kstream.Materialized;
import org.apache.kafka.streams.kstream.Produced;
import org.apache.kafka.streams.processor.api.ContextualFixedKeyProcessor;
import org.apache.kafka.streams.processor.api.FixedKeyRecord;

/** Ships orders as a Kafka Streams application: joins them to a table of customers, exactly once. */
public class ShipOrders {
  private static final ObjectMapper MAPPER = new ObjectMapper();
  private static final Serde<JsonNode> JSON =
      Serdes.serdeFrom((topic, node) -> node == null ? null : write(node), (topic, bytes) -> bytes == null ? null : read(bytes));

  public static void main(String[] args) {
    String broker = args[0], applicationId = args[1], ordersTopic = args[2], customersTopic = args[3];
    String shipmentsTopic = args[4], stateFolder = args[5];
    StreamsBuilder builder = new StreamsBuilder();
    KTable<String, JsonNode> customers =
        builder
            .table(customersTopic, Consumed.with(Serdes.String(), JSON))
            .mapValues(change -> change.get("after"), Materialized.with(Serdes.String(), JSON));
    builder.stream(ordersTopic, Consumed.with(Serdes.String(), JSON))
        .processValues(AddPosition::new)
        .join(customers, ShipOrders::ship, Joined.with(Serdes.String(), JSON, JSON))
        .map((customerId, shipment) -> KeyValue.pair(shipment.get("order_id").asText(), shipment))
        .to(shipmentsTopic, Produced.with(Serdes.String(), JSON));

    Properties settings = new Properties();
    settings.put(StreamsConfig.APPLICATION_ID_CONFIG, applicationId);
    settings.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, broker);
    settings.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    settings.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, 2);
    settings.put(StreamsConfig.STATE_DIR_CONFIG, stateFolder);
    settings.put(StreamsConfig.consumerPrefix(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG), "earliest");
    KafkaStreams streams = new KafkaStreams(builder.build(), settings);
    Runtime.getRuntime().addShutdownHook(new Thread(() -> streams.close(Duration.ofSeconds(10))));
    streams.start();
  }

  private static JsonNode ship(JsonNode order, JsonNode customer) {
    String lookedUpAt = Instant.now().toString();
    ObjectNode shipment = MAPPER.createObjectNode();
    shipment.set("order_id", order.get("order_id"));
    shipment.set("customer_id", order.get("customer").get("id"));
    shipment.set("product", order.get("order").get("product"));
    shipment.set("quantity", order.get("order").get("quantity"));
    shipment.set("ordered_at", order.get("ordered_at"));
    shipment.put("lookup_started_at", lookedUpAt);
    shipment.put("looked_up_at", lookedUpAt);
    shipment.put("looked_up_by", "kafka-streams");
    shipment.put("shipped_at", Instant.now().toString());
    shipment.set("order_partition", order.get("order_partition"));
    shipment.set("order_offset", order.get("order_offset"));
    shipment.put("status", "delivered");
    for (String part : new String[] {"first_name", "last_name", "zipcode", "country", "address"})
      shipment.set(part, customer.get(part));
    return shipment;
  }

  /** Adds the position of an order in its topic. */
  private static class AddPosition extends ContextualFixedKeyProcessor<String, JsonNode, JsonNode> {
    @Override
    public void process(FixedKeyRecord<String, JsonNode> record) {
      ObjectNode order = (ObjectNode) record.value();
      context()
          .recordMetadata()
          .ifPresent(at -> order.put("order_partition", at.partition()).put("order_offset", at.offset()));
      context().forward(record);
    }
  }

  private static byte[] write(JsonNode node) {
    try {
      return MAPPER.writeValueAsBytes(node);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }

  private static JsonNode read(byte[] bytes) {
    try {
      return MAPPER.readTree(bytes);
    } catch (IOException error) {
      throw new UncheckedIOException(error);
    }
  }
}
