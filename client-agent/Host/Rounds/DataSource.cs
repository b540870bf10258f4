using DeepSeek.Federated.Data;
using DeepSeek.Federated.Data.Csv;
using DeepSeek.Federated.Data.Images;
using DeepSeek.Federated.Data.Transactions;
using DeepSeek.Federated.Domain.Names;
using DeepSeek.Federated.Domain.Reading;

namespace DeepSeek.Federated.Agent.Rounds;

/// <summary>Where a dataset lies and by which connector it is read: one entry of <c>data.yaml</c>.</summary>
/// <param name="Name">The dataset's name, as studies ask for it.</param>
public abstract record DataSource(string Name)
{
    /// <summary>A table.</summary>
    public sealed record Csv(string Name, string Path) : DataSource(Name);

    /// <summary>Images and labels in four IDX files, plain or gzip.</summary>
    public sealed record Idx(string Name, IdxPair Train, IdxPair Test) : DataSource(Name);

    /// <summary>Images and labels as arrays of one NPZ file.</summary>
    public sealed record Npz(string Name, string Path, NpzArrays Arrays) : DataSource(Name);

    /// <summary>Raw transactions, from which the contract's features over time are computed.</summary>
    public sealed record Transactions(string Name, string Path) : DataSource(Name);

    /// <summary>All files that are read.</summary>
    public IReadOnlyList<string> Files => this switch
    {
        Csv csv => [csv.Path],
        Idx idx => [idx.Train.Images, idx.Train.Labels, idx.Test.Images, idx.Test.Labels],
        Npz npz => [npz.Path],
        Transactions raw => [raw.Path],
        _       => throw new InvalidOperationException("unreachable: the family is closed"),
    };

    /// <summary>What reads it.</summary>
    public IDataConnector Connector => this switch
    {
        Csv csv => new CsvConnector(csv.Path),
        Idx idx => new IdxConnector(idx.Train, idx.Test),
        Npz npz => new NpzConnector(npz.Path, npz.Arrays),
        Transactions raw => new TransactionConnector(raw.Path),
        _       => throw new InvalidOperationException("unreachable: the family is closed"),
    };

    /// <summary>Reads one entry; null when it has faults.</summary>
    /// <param name="reader">The entry.</param>
    /// <param name="root">Folder against which relative paths are meant.</param>
    public static DataSource? Read(DocumentReader reader, string root)
    {
        var name = reader.Text("name", 40);
        if (!Slug.Is(name)) reader.Fault("name", $"'{name}' is not a dataset name: {Slug.Rule}");
        switch (reader.Text("connector", 40))
        {
            case "csv":
                return FullPath(reader, "path", root) is { } table ? new Csv(name, table) : null;
            case "transactions":
                return FullPath(reader, "path", root) is { } stream ? new Transactions(name, stream) : null;
            case "idx":
                var (train, test) = (Pair(reader.Object("train"), root), Pair(reader.Object("test"), root));
                return train is null || test is null ? null : new Idx(name, train, test);
            case "npz":
                var (archive, usual) = (FullPath(reader, "path", root), NpzArrays.Usual);
                var arrays = new NpzArrays(
                    reader.Text("trainImages", 200, usual.TrainImages), reader.Text("trainLabels", 200, usual.TrainLabels),
                    reader.Text("testImages", 200, usual.TestImages), reader.Text("testLabels", 200, usual.TestLabels));
                return archive is null ? null : new Npz(name, archive, arrays);
            case var other:
                if (other.Length > 0) reader.Fault("connector", $"'{other}' is not a connector of this version; known: csv, transactions, idx, npz");
                return null;
        }
    }

    private static IdxPair? Pair(DocumentReader reader, string root)
    {
        var (images, labels) = (FullPath(reader, "images", root), FullPath(reader, "labels", root));
        reader.Finish();
        return images is null || labels is null ? null : new IdxPair(images, labels);
    }

    private static string? FullPath(DocumentReader reader, string key, string root) =>
        reader.Text(key, 4000) is { Length: > 0 } path ? Path.GetFullPath(path, root) : null;
}
