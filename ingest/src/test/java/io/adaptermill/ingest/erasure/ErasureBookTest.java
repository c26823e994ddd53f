package io.adaptermill.ingest.erasure;

import static org.assertj.core.api.Assertions.assertThat;

import io.adaptermill.ingest.erasure.ErasureBook.Admission;
import io.adaptermill.schemas.event.ErasureRequested;
import io.adaptermill.schemas.event.SubjectErased;
import io.adaptermill.schemas.id.EventId;
import io.adaptermill.schemas.id.SubjectId;
import io.adaptermill.schemas.id.TenantId;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ErasureBookTest {
    private static final TenantId ACME = new TenantId("acme");
    private static final TenantId GLOBEX = new TenantId("globex");
    private static final EventId FIRST = new EventId("r-1");
    private static final EventId SECOND = new EventId("r-2");

    private final ErasureBook book = new ErasureBook();

    @Test
    void the_same_id_is_the_same_erasure_and_with_other_words_a_conflict() {
        // Given
        book.requested(ACME, FIRST, request("ann"));

        // Then
        assertThat(book.admit(ACME, FIRST, request("ann"))).isEqualTo(new Admission.Known());
        assertThat(book.admit(ACME, FIRST, request("bob"))).isInstanceOf(Admission.Conflict.class);
        assertThat(book.admit(GLOBEX, FIRST, request("bob")))
                .as("another tenant's ids are its own")
                .isEqualTo(new Admission.Take());
    }

    @Test
    void of_one_person_there_is_one_erasure_at_a_time() {
        // Given
        book.requested(ACME, FIRST, request("ann"));

        // When
        Admission meanwhile = book.admit(ACME, SECOND, request("ann"));
        Admission another = book.admit(ACME, SECOND, request("bob"));
        book.erased(ACME, answer(FIRST));
        Admission afterwards = book.admit(ACME, SECOND, request("ann"));

        // Then
        assertThat(meanwhile).isEqualTo(new Admission.Conflict("erasure r-1 of this person is not done yet"));
        assertThat(another).isEqualTo(new Admission.Take());
        assertThat(afterwards).isEqualTo(new Admission.Take());
    }

    @Test
    void request_and_answer_may_be_read_in_either_order() {
        // When
        book.erased(ACME, answer(FIRST));
        book.requested(ACME, FIRST, request("ann"));

        // Then
        assertThat(book.find(ACME, FIRST))
                .contains(new ErasureBook.Entry(Optional.of(request("ann")), Optional.of(answer(FIRST))));
    }

    private static ErasureRequested request(String subject) {
        return new ErasureRequested(new SubjectId(subject), "ada", "request 1");
    }

    private static SubjectErased answer(EventId request) {
        return new SubjectErased(request, new SubjectId("ann"), 0, List.of(), Optional.empty(), List.of());
    }
}
