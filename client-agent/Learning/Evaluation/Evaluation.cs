namespace DeepSeek.Federated.Learning.Evaluation;

/// <summary>How a model does on some rows, as sums that add over sites.</summary>
/// <param name="Rows">Rows evaluated.</param>
/// <param name="Correct">Rows whose label the model decides for.</param>
/// <param name="LossSum">Sum of the rows' losses; not finite when the model's logits are not.</param>
public sealed record Evaluation(long Rows, long Correct, double LossSum);
