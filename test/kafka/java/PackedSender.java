import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * A sender as Java has them: ADDRESS TOPIC CODECS COUNT BYTES. With each of the codecs, `lz4,zstd`, it
 * sends so many records, packed into batches, and says what became of each: `lz4 written`, or
 * `lz4 refused: ` and why.
 */
class PackedSender {
  public static void main(String[] args) throws InterruptedException {
    String value = "x".repeat(Integer.parseInt(args[4]));
    for (String codec : args[2].split(",")) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      try (KafkaProducer<String, String> producer =
          new KafkaProducer<>(
              settings(args[0], codec), new StringSerializer(), new StringSerializer())) {
        for (int i = 0; i < Integer.parseInt(args[3]); i++) {
          sent.add(producer.send(new ProducerRecord<>(args[1], codec + "-" + i, value)));
        }
        producer.flush();
      }
      for (Future<RecordMetadata> record : sent) System.out.println(codec + " " + fateOf(record));
    }
  }

  private static Properties settings(String address, String codec) {
    Properties settings = new Properties();
    settings.put("bootstrap.servers", address);
    settings.put("compression.type", codec);
    settings.put("linger.ms", "100");
    // What a sender allows itself does not matter: the topic must hold its own.
    settings.put("max.request.size", "134217728");
    settings.put("buffer.memory", "134217728");
    return settings;
  }

  private static String fateOf(Future<RecordMetadata> record) throws InterruptedException {
    try {
      record.get();
      return "written";
    } catch (ExecutionException error) {
      return "refused: " + error.getCause().getMessage();
    }
  }
}
