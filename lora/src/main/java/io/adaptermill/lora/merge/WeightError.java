package io.adaptermill.lora.merge;

/// What quantising a merged weight again has cost.
///
/// @param module its path
/// @param storage how it is kept now
/// @param relativeToWeight `‖kept - merged‖ / ‖merged‖`, Frobenius
/// @param relativeToUpdate `‖kept - merged‖ / ‖ΔW‖`: from 1 on the error is as large as what was learnt
/// @param largest `max |kept - merged|`
public record WeightError(
        String module, String storage, double relativeToWeight, double relativeToUpdate, double largest) {
    /// Whether the error is larger than the update, so that merging here may undo what training did.
    public boolean drownsUpdate() {
        return relativeToUpdate >= 1;
    }
}
