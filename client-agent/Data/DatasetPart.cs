namespace DeepSeek.Federated.Data;

/// <summary>Which part of a dataset a fault is about, where it lies in several files or arrays.</summary>
public enum DatasetPart
{
    /// <summary>All of it, or its only file.</summary>
    Whole,
    /// <summary>The images to train on.</summary>
    TrainImages,
    /// <summary>Their labels.</summary>
    TrainLabels,
    /// <summary>The images to test on.</summary>
    TestImages,
    /// <summary>Their labels.</summary>
    TestLabels,
}
