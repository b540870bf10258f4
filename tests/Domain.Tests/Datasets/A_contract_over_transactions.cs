using System.Text.Json;
using System.Text.Json.Nodes;
using DeepSeek.Federated.Domain.Datasets;
using DeepSeek.Federated.Domain.Studies;

namespace DeepSeek.Federated.Domain.Tests.Datasets;

public sealed class A_contract_over_transactions
{
    private static JsonObject Dataset() => JsonNode.Parse("""
        {
          "name": "cards",
          "derive": {
            "kind": "transactions", "id": "TRANSACTION_ID", "time": "TX_TIME_SECONDS", "customer": "CUSTOMER_ID", "terminal": "TERMINAL_ID",
            "amount": "TX_AMOUNT", "fraud": "TX_FRAUD", "start": "2018-04-01", "windows": [1, 7, 30], "delay": 7
          },
          "columns": [
            { "name": "TX_AMOUNT", "kind": "number", "min": 0, "max": 100000 },
            { "name": "TERMINAL_ID_RISK_30DAY_WINDOW", "kind": "number", "min": 0, "max": 1 }
          ],
          "label": { "name": "TX_FRAUD", "kind": "binary" },
          "split": { "kind": "period", "train": { "from": "2018-07-25", "to": "2018-07-31" }, "test": { "from": "2018-08-08", "to": "2018-08-14" } }
        }
        """)!.AsObject();

    private static ManifestReading Read(JsonObject dataset)
    {
        var document = Samples.Document();
        document["spec"]!["dataset"] = dataset;
        return ManifestReader.Read(JsonSerializer.SerializeToElement(document));
    }

    [Fact]
    public void names_the_fifteen_features_as_the_Handbook_does()
    {
        var contract = Assert.IsType<ManifestReading.Read>(Read(Dataset())).Manifest.Dataset;
        Assert.Equal(
            [
                "TX_AMOUNT", "TX_DURING_WEEKEND", "TX_DURING_NIGHT",
                "CUSTOMER_ID_NB_TX_1DAY_WINDOW", "CUSTOMER_ID_AVG_AMOUNT_1DAY_WINDOW", "CUSTOMER_ID_NB_TX_7DAY_WINDOW", "CUSTOMER_ID_AVG_AMOUNT_7DAY_WINDOW",
                "CUSTOMER_ID_NB_TX_30DAY_WINDOW", "CUSTOMER_ID_AVG_AMOUNT_30DAY_WINDOW",
                "TERMINAL_ID_NB_TX_1DAY_WINDOW", "TERMINAL_ID_RISK_1DAY_WINDOW", "TERMINAL_ID_NB_TX_7DAY_WINDOW", "TERMINAL_ID_RISK_7DAY_WINDOW",
                "TERMINAL_ID_NB_TX_30DAY_WINDOW", "TERMINAL_ID_RISK_30DAY_WINDOW",
            ], contract.Derive!.Names);
        Assert.Equal((37, 6, 115), (contract.Derive.HistoryDays, contract.Derive.NightUntil, contract.Derive.DayOf(new(2018, 7, 25))));
        Assert.Equal(new SplitRule.Period(new(2018, 7, 25), new(2018, 7, 31), new(2018, 8, 8), new(2018, 8, 14)), contract.Split);
        Assert.Equal(2, contract.FeatureCount);
    }

    [Fact]
    public void is_not_what_other_manifests_have()
    {
        Assert.Null(Samples.Manifest().Dataset.Derive);
        // Named by its bytes alone: what a version understands beyond them changes no name.
        Assert.Equal("663736003f31e013c9b9ee8240e94d661c923725ceeeca3dde83e1cce69987ff", Samples.Manifest().Digest.ToString());
    }

    [Theory]
    [InlineData("TX_FRAUD_SCENARIO"), InlineData("TERMINAL_ID"), InlineData("CUSTOMER_ID"), InlineData("TX_TIME_SECONDS"), InlineData("CUSTOMER_ID_NB_TX_2DAY_WINDOW")]
    public void takes_no_feature_that_is_not_derived(string column)
    {
        var dataset = Dataset();
        dataset["columns"]!.AsArray().Add(new JsonObject { ["name"] = column, ["kind"] = "number", ["min"] = 0, ["max"] = 10 });
        Assert.Contains(Assert.IsType<ManifestReading.Faulty>(Read(dataset)).Faults, f => f.StartsWith($"spec.dataset.columns: '{column}' is not a number that is derived here", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("derive.kind", "\"frames\"", "spec.dataset.derive.kind: must be transactions.")]
    [InlineData("derive.id", "null", "spec.dataset.derive.id: is required.")]
    [InlineData("derive.amount", "\"TX_FRAUD\"", "spec.dataset.derive: names a raw column twice.")]
    [InlineData("derive.own", "\"CUSTOMER_ID\"", "spec.dataset.derive: names a raw column twice.")]
    [InlineData("derive.own", "\"OWN_CARD\"", null)]
    [InlineData("derive.windows", "[7, 1]", "spec.dataset.derive.windows: must be 1 to 8 ascending numbers of days, each from 1 to 365.")]
    [InlineData("derive.windows", "[]", "spec.dataset.derive.windows: must be 1 to 8 ascending numbers of days, each from 1 to 365.")]
    [InlineData("derive.windows", "[\"a\"]", "spec.dataset.derive.windows: must be 1 to 8 ascending numbers of days, each from 1 to 365.")]
    [InlineData("derive.delay", "0", "spec.dataset.derive.delay: must be a whole number from 1 to 365.")]
    [InlineData("derive.delay", "366", "spec.dataset.derive.delay: must be a whole number from 1 to 365.")]
    [InlineData("derive.nightUntil", "24", "spec.dataset.derive.nightUntil: must be a whole number from 0 to 23.")]
    [InlineData("derive.start", "\"1.4.2018\"", "spec.dataset.derive.start: must be a day from 1970 to 2099, written like 2018-07-25.")]
    [InlineData("derive.start", "\"2018-06-19\"", "spec.dataset.split: train.from must lie at least 37 days after derive.start: the first features look back so far.")]
    [InlineData("derive.scenario", "\"TX_FRAUD_SCENARIO\"",
        "spec.dataset.derive.scenario: unknown key; known here: amount, customer, delay, fraud, id, kind, nightUntil, own, start, terminal, time, windows.")]
    [InlineData("derive.customer", "\"TERMINAL\"", null)]
    [InlineData("derive", "null", "spec.dataset.split: of kind period needs derive, which says what the days count from.")]
    [InlineData("label.name", "\"TX_FRAUD_SCENARIO\"",
        "spec.dataset.label: must be 'TX_FRAUD', of kind binary and positive above a number from 0 and below 1: derive.fraud is what can be predicted here.")]
    [InlineData("label.positiveAbove", "1",
        "spec.dataset.label: must be 'TX_FRAUD', of kind binary and positive above a number from 0 and below 1: derive.fraud is what can be predicted here.")]
    [InlineData("split", "null", "spec.dataset.split: must be of kind period where features are derived: any other would train on days that come after those it tests on.")]
    [InlineData("split.kind", "\"random\"", "spec.dataset.split.kind: must be column, every or period.")]
    [InlineData("split.test.from", "\"2018-08-07\"", "spec.dataset.split: test.from must lie more than 7 days after train.to: a fraud is known only after that delay.")]
    [InlineData("split.test.to", "\"2018-08-07\"", "spec.dataset.split.test.to: must not be before from.")]
    [InlineData("split.train.to", "\"2018-02-30\"", "spec.dataset.split.train.to: must be a day from 1970 to 2099, written like 2018-07-25.")]
    [InlineData("split.train.until", "\"2018-07-31\"", "spec.dataset.split.train.until: unknown key; known here: from, to.")]
    public void is_refused_with_the_path_and_the_mend(string path, string value, string? fault)
    {
        var dataset = Dataset();
        var keys = path.Split('.');
        var at = keys[..^1].Aggregate((JsonNode)dataset, (node, key) => node[key]!);
        at[keys[^1]] = JsonNode.Parse(value);
        if (fault is null) Assert.IsType<ManifestReading.Read>(Read(dataset));
        else Assert.Contains(fault, Assert.IsType<ManifestReading.Faulty>(Read(dataset)).Faults);
    }

    [Fact]
    public void gives_no_two_columns_one_name()
    {
        var dataset = Dataset();
        dataset["derive"]!["amount"] = "TX_DURING_NIGHT";
        dataset["columns"]![0]!["name"] = "TX_DURING_NIGHT";
        Assert.Contains(
            "spec.dataset.derive: gives two derived columns the same name: customer and terminal must differ from them.", Assert.IsType<ManifestReading.Faulty>(Read(dataset)).Faults);
    }
}
