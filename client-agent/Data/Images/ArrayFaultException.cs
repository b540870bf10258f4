namespace DeepSeek.Federated.Data.Images;

/// <summary>An array is not what it must be. Ends the reading of this array and becomes a fault of its part; never leaves this project.</summary>
internal sealed class ArrayFaultException(DatasetFaultKind kind) : Exception(kind.ToString())
{
    public DatasetFaultKind Kind => kind;
}
