namespace DeepSeek.Federated.Parameters.Updates;

/// <summary>An update holds NaN or infinity: training diverged. Names the tensor, never a value.</summary>
public sealed class NonFiniteUpdateException(string tensor) : Exception(
    $"The update of tensor '{tensor}' is not finite: training diverged. Take a smaller learning rate or check the data's normalisation.")
{
    /// <summary>The tensor.</summary>
    public string Tensor { get; } = tensor;
}
