using BenchmarkDotNet.Columns;
using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Diagnosers;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Loggers;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace BlazorChat.MicroBenchmarks;

/// <summary>How each benchmark is measured.</summary>
internal static class MicroConfig
{
    /// <param name="isQuick">Everything once, as it is built: to see that it works.</param>
    public static IConfig Create(bool isQuick)
    {
        // In this process: a project of its own for each benchmark would not run with the settings of the app, and builds the app again.
        var job = (isQuick ? Job.Dry : Job.ShortRun).WithToolchain(InProcessEmitToolchain.Instance);
        return ManualConfig.CreateEmpty()
            .AddJob(job)
            .AddDiagnoser(MemoryDiagnoser.Default)
            .AddColumnProvider(DefaultColumnProviders.Instance)
            .AddLogger(new StreamLogger(new StreamWriter(Console.OpenStandardError()) { AutoFlush = true }))
            .WithArtifactsPath(Path.Combine(NodeProcess.Repository, "artifacts", "benchmarks"))
            .WithOptions(ConfigOptions.DisableLogFile | (isQuick ? ConfigOptions.DisableOptimizationsValidator : ConfigOptions.Default));
    }
}
