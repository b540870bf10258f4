using DeepSeek.Federated.Domain.Datasets;

namespace DeepSeek.Federated.Data;

/// <summary>A way to a site's records: the seam behind which files, databases and clinical systems lie.</summary>
public interface IDataConnector
{
    /// <summary>Reads the dataset as <paramref name="contract"/> asks for it: whole and fitting, or not at all.</summary>
    /// <param name="contract">Columns, label, split and rules.</param>
    /// <param name="cancellationToken">Ends the reading early.</param>
    /// <returns>The examples, or every fault that was found. What a site's data look like never throws.</returns>
    Task<DatasetReading> Read(DatasetContract contract, CancellationToken cancellationToken);
}
