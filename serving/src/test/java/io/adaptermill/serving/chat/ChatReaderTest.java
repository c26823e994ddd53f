package io.adaptermill.serving.chat;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.adaptermill.lora.generate.GenerationRequest;
import io.adaptermill.lora.generate.Sampling;
import io.adaptermill.schemas.EventJson;
import io.adaptermill.schemas.feedback.Message;
import io.adaptermill.schemas.feedback.Prompt;
import io.adaptermill.schemas.id.TenantId;
import io.adaptermill.schemas.id.VersionId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChatReaderTest {
    @Test
    void the_least_request_gets_the_documented_defaults() {
        assertThat(read("{'model':'acme','messages':[{'role':'user','content':'Hi'}]}"))
                .isEqualTo(new ChatRequest(
                        "acme",
                        new ModelName.Tenant(new TenantId("acme")),
                        new GenerationRequest(
                                Prompt.ofUser("Hi"),
                                ChatReader.TOKENS_DEFAULT,
                                new Sampling(ChatReader.TEMPERATURE_DEFAULT, 1, 99),
                                List.of()),
                        false,
                        false));
    }

    @Test
    void every_field_we_honour_arrives() {
        assertThat(read("""
                {'model':'acme@7','stream':true,'stream_options':{'include_usage':true},'max_tokens':5,
                 'max_completion_tokens':7,'temperature':0.5,'top_p':0.9,'seed':-3,'stop':['a','bc'],'n':1,
                 'user':'u1','metadata':{'x':1},'tools':[],'presence_penalty':0,'logprobs':false,
                 'response_format':{'type':'text'},
                 'messages':[{'role':'developer','content':'Be brief.'},{'role':'user','content':'Hi'},
                  {'role':'assistant','content':'Hello'},
                  {'role':'user','content':[{'type':'text','text':'How '},{'type':'text','text':'are you?'}]}]}"""))
                .isEqualTo(new ChatRequest(
                        "acme@7",
                        new ModelName.Pinned(VersionId.parse("acme@7")),
                        new GenerationRequest(
                                new Prompt(List.of(
                                        new Message(Message.Role.SYSTEM, "Be brief."),
                                        new Message(Message.Role.USER, "Hi"),
                                        new Message(Message.Role.ASSISTANT, "Hello"),
                                        new Message(Message.Role.USER, "How are you?"))),
                                7,
                                new Sampling(0.5, 0.9, -3),
                                List.of("a", "bc")),
                        true,
                        true));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "'model':5                      | model            | invalid_type",
                "'model':'No Such'              | model            | model_not_found",
                "'model':'acme@x'               | model            | model_not_found",
                "'messages':'hi'                | messages         | invalid_type",
                "'messages':[]                  | messages         | invalid_value",
                "'messages':[{'role':'tool','content':'x'}] | messages[0].role | invalid_value",
                "'messages':[{'role':'user'}]   | messages[0].content | invalid_type",
                "'messages':[{'role':'user','content':' '}] | messages[0].content | invalid_value",
                "'messages':[{'role':'user','content':[{'type':'image_url'}]}] | messages[0].content | unsupported_content",
                "'messages':[{'role':'assistant','content':'x'}] | messages | invalid_value",
                "'max_tokens':0                 | max_tokens       | invalid_value",
                "'max_tokens':1.5               | max_tokens       | invalid_value",
                "'max_completion_tokens':'5'    | max_completion_tokens | invalid_value",
                "'temperature':2.1              | temperature      | invalid_value",
                "'temperature':'hot'            | temperature      | invalid_value",
                "'top_p':-0.1                   | top_p            | invalid_value",
                "'seed':'x'                     | seed             | invalid_value",
                "'seed':99999999999999999999    | seed             | invalid_value",
                "'stop':['a','b','c','d','e']   | stop             | invalid_value",
                "'stop':['']                    | stop             | invalid_value",
                "'stop':5                       | stop             | invalid_value",
                "'stream':'yes'                 | stream           | invalid_type",
                "'n':2                          | n                | unsupported_parameter",
                "'tools':[{'type':'function'}]  | tools            | unsupported_parameter",
                "'logprobs':true                | logprobs         | unsupported_parameter",
                "'presence_penalty':1           | presence_penalty | unsupported_parameter",
                "'logit_bias':{'5':1}           | logit_bias       | unsupported_parameter",
                "'response_format':{'type':'json_object'} | response_format | unsupported_parameter",
            })
    void a_field_that_cannot_be_honoured_is_refused_by_name(String field, String param, String code) {
        // Given
        ObjectNode json = (ObjectNode) json("{'model':'acme','messages':[{'role':'user','content':'Hi'}]}");
        json.setAll((ObjectNode) json("{" + field + "}"));

        // When
        RefusedRequest refused = catchThrowableOfType(RefusedRequest.class, () -> ChatReader.read(json, 99));

        // Then
        assertThat(refused).isNotNull();
        ChatProblem problem = refused.problem();
        assertThat(List.of(problem.param(), problem.code())).isEqualTo(List.of(Optional.of(param), code));
        assertThat(problem.status()).isEqualTo(code.equals("model_not_found") ? 404 : 400);
        assertThat(problem.nextStep()).isNotBlank();
    }

    @Test
    void a_problem_has_the_shape_that_openai_clients_read() throws JsonProcessingException {
        // Given
        ChatProblem problem = ChatProblem.busy("64 requests are waiting, which is all there is room for");

        // When
        String json = EventJson.mapper().writeValueAsString(problem.body());

        // Then
        assertThat(json)
                .isEqualTo("{\"error\":{\"message\":\"64 requests are waiting, which is all there is room for."
                        + " Next: repeat after the seconds in Retry-After\",\"type\":\"overloaded_error\",\"param\":null,"
                        + "\"code\":\"overloaded\",\"next_step\":\"repeat after the seconds in Retry-After\"}}");
    }

    private static ChatRequest read(String json) {
        return ChatReader.read(json(json), 99);
    }

    private static JsonNode json(String json) {
        try {
            return EventJson.mapper().readTree(json.replace('\'', '"'));
        } catch (JsonProcessingException e) {
            throw new AssertionError(e);
        }
    }
}
