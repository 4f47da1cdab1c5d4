using BlazorChat.Benchmarks.Measuring;

namespace BlazorChat.Benchmarks;

/// <summary>One question about speed, answered by measuring ourselves and others in turn.</summary>
internal interface IScenario
{
    /// <summary>What everybody's tables call us.</summary>
    const string Own = "BlazorChat";

    string Name { get; }

    /// <summary>Every peer in turn, in each round.</summary>
    Task<IReadOnlyList<Table>> MeasureAsync(Run run, CancellationToken cancellationToken);
}
