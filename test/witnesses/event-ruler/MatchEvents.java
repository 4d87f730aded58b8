import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import software.amazon.event.ruler.Ruler;

/**
 * Answers one line for each line {"event": …, "pattern": …} that it reads: true, false, or null where event-ruler refuses the pattern or the event, and
 * why.
 */
public final class MatchEvents {
    public static void main(String[] arguments) throws Exception {
        ObjectMapper json = new ObjectMapper();
        BufferedReader questions = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        PrintStream answers = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        for (String line = questions.readLine(); line != null; line = questions.readLine()) {
            JsonNode question = json.readTree(line);
            String answer;
            try {
                answer = String.valueOf(Ruler.matchesRule(question.get("event").toString(), question.get("pattern").toString()));
            } catch (Exception refusal) {
                answer = "null " + String.valueOf(refusal.getMessage()).replace('\n', ' ');
            }
            answers.println(answer);
        }
    }
}
