// Sends two commands with Apache Kafka's own client and waits for their answers on the answers topic.
//   KAFKA_BROKERS=localhost:9092 java -cp 'kafka-clients and what it needs/*' CaptureSender.java [ORDER]
// Java 17 or newer. After `npm run kafka` the jars are in ~/.cache/capture-ledger/kafka-4.3.1.
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Future;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;

public class CaptureSender {
  static final String BROKERS = environment("KAFKA_BROKERS", "localhost:9092");
  static final String PREFIX = environment("LEDGER_KAFKA_TOPIC_PREFIX", "");

  public static void main(String[] arguments) throws Exception {
    String order = arguments.length > 0 ? arguments[0] : UUID.randomUUID().toString();
    String authorizationId = "auth-" + order;
    List<ProducerRecord<String, String>> records = List.of(
        command(authorizationId, "RegisterAuthorization", order + "-register", """
            {"authorizationId": "%s", "amount": 12000, "currency": "EUR",
             "captureMethod": "manual_multiple", "connector": "acme-pay"}""".formatted(authorizationId)),
        command(authorizationId, "CreateCapture", order + "-capture-1", """
            {"authorizationId": "%s", "captureId": "capture-%s", "amount": 7000}"""
            .formatted(authorizationId, order)));

    try (KafkaConsumer<String, String> consumer = new KafkaConsumer<>(
            Map.of(
                "bootstrap.servers", BROKERS,
                "group.id", PREFIX + "example-java",
                // A group that begins at the beginning misses no answer, not even of its first command.
                "auto.offset.reset", "earliest"),
            new StringDeserializer(), new StringDeserializer());
        // The default partitioner is the right one: murmur2 of the key.
        KafkaProducer<String, String> producer = new KafkaProducer<>(
            Map.of("bootstrap.servers", BROKERS, "acks", "all"),
            new StringSerializer(), new StringSerializer())) {
      consumer.subscribe(List.of(PREFIX + "capture.answers.v1"));
      List<Future<?>> sent = List.copyOf(records.stream().map(producer::send).toList());
      for (Future<?> one : sent) one.get();

      Set<String> answered = new HashSet<>();
      Instant patience = Instant.now().plusSeconds(30);
      while (answered.size() < records.size()) {
        if (Instant.now().isAfter(patience)) {
          throw new IllegalStateException("No answer in 30 s. Send the same again: it is decided only once.");
        }
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(250))) {
          if (record.key() == null || !record.key().endsWith("/" + authorizationId)) continue;
          answered.add(header(record, "ce_id"));
          String repeat = record.headers().lastHeader("ledger-repeat") == null ? "" : "   repeat";
          System.out.println(record.value() + repeat);
        }
      }
    }
  }

  /** The key decides the partition, and so the order: always the authorization id. */
  static ProducerRecord<String, String> command(
      String authorizationId, String type, String commandId, String value) {
    ProducerRecord<String, String> record =
        new ProducerRecord<>(PREFIX + "capture.commands.v1", authorizationId, value);
    Map<String, String> headers = Map.of(
        "ce_specversion", "1.0",
        "ce_id", commandId,
        "ce_type", type,
        "ce_source", "/shop/checkout",
        "ce_time", Instant.now().toString(),
        "content-type", "application/json");
    headers.forEach((name, text) -> record.headers().add(name, text.getBytes(StandardCharsets.UTF_8)));
    return record;
  }

  static String header(ConsumerRecord<String, String> record, String name) {
    Header header = record.headers().lastHeader(name);
    return new String(header.value(), StandardCharsets.UTF_8);
  }

  static String environment(String name, String otherwise) {
    return System.getenv().getOrDefault(name, otherwise);
  }
}
