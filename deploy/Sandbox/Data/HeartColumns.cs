namespace DeepSeek.Federated.Sandbox.Data;

/// <summary>The columns of a hospital's file, in the order of the UCI collection, and the split beside them.</summary>
internal static class HeartColumns
{
    /// <summary>The fourteen of the raw files, which have no header.</summary>
    public static readonly IReadOnlyList<string> Raw =
        ["age", "sex", "cp", "trestbps", "chol", "fbs", "restecg", "thalach", "exang", "oldpeak", "slope", "ca", "thal", "num"];

    /// <summary>The header of the files that the sandbox writes.</summary>
    public static readonly string Header = string.Join(',', [.. Raw, "set"]);
}
