using BenchmarkDotNet.Configs;
using BenchmarkDotNet.Jobs;
using BenchmarkDotNet.Running;
using BenchmarkDotNet.Toolchains.InProcess.Emit;

namespace AuthServer.Benchmarks;

/// <summary>What the hot pieces of the server cost, each for itself.</summary>
internal static class Start
{
    // In this process: the project that the tool would generate for another one falls under the rules of our sources.
    public static void Main(string[] args) =>
        BenchmarkSwitcher
            .FromAssembly(typeof(Start).Assembly)
            .Run(
                args,
                DefaultConfig.Instance.AddJob(Job.Default.WithToolchain(InProcessEmitToolchain.Instance))
            );
}
