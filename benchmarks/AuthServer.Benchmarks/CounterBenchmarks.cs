using System.Globalization;
using AuthServer.Limits;
using BenchmarkDotNet.Attributes;

namespace AuthServer.Benchmarks;

/// <summary>What the limits of this process count for one request, among so many addresses.</summary>
public class CounterBenchmarks
{
    private static readonly Limit Limit = new("global", int.MaxValue, TimeSpan.FromMinutes(15));

    private readonly LocalCounters _counters = new(TimeProvider.System);
    private Charge[][] _charges = [];
    private int _next;

    [Params(1, 50_000)]
    public int Addresses { get; set; }

    [GlobalSetup]
    public void Fill() =>
        _charges = [
            .. Enumerable
                .Range(0, Addresses)
                .Select(i => new[] { new Charge(Limit, i.ToString(CultureInfo.InvariantCulture)) }),
        ];

    [Benchmark]
    public async Task<bool> Take()
    {
        _next = (_next + 1) % _charges.Length;
        return (await _counters.TakeAsync(_charges[_next])).IsAllowed;
    }
}
