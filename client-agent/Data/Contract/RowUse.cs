namespace DeepSeek.Federated.Data.Contract;

/// <summary>What becomes of a row.</summary>
internal enum RowUse
{
    Train,
    Test,
    /// <summary>Left out, with all its cells, because a value is missing.</summary>
    Dropped,
    /// <summary>Counted as a fault.</summary>
    Faulty,
}
