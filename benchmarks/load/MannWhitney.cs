namespace Load;

/// <summary>The test of Mann and Whitney: whether two samples come from the same distribution.</summary>
internal static class MannWhitney
{
    /// <summary>Two-sided, by the normal approximation with its correction for ties; good from some twenty values on.</summary>
    public static double P(IReadOnlyList<double> a, IReadOnlyList<double> b)
    {
        var all = a.Select(value => (Value: value, IsA: true))
            .Concat(b.Select(value => (Value: value, IsA: false)))
            .OrderBy(item => item.Value)
            .ToList();
        double n = all.Count;
        double rankSum = 0;
        double ties = 0;
        for (int from = 0, to; from < all.Count; from = to)
        {
            for (to = from + 1; to < all.Count && all[to].Value.Equals(all[from].Value); to++) { }

            double length = to - from;
            var rank = (from + 1 + to) / 2.0; // the mean of the ranks that these values share
            rankSum += rank * all.Skip(from).Take(to - from).Count(item => item.IsA);
            ties += length * length * length - length;
        }

        var u = rankSum - a.Count * (a.Count + 1.0) / 2;
        var mean = a.Count * (double)b.Count / 2;
        var deviation = Math.Sqrt(mean / 6 * (n + 1 - ties / (n * (n - 1))));
        return Erfc(Math.Max(0, Math.Abs(u - mean) - 0.5) / deviation / Math.Sqrt(2));
    }

    // Numerical Recipes' rational approximation; relative error under 1.2e-7, for x >= 0.
    private static double Erfc(double x)
    {
        double[] terms =
        [
            0.17087277,
            -0.82215223,
            1.48851587,
            -1.13520398,
            0.27886807,
            -0.18628806,
            0.09678418,
            0.37409196,
            1.00002368,
        ];
        var t = 1 / (1 + x / 2);
        var sum = terms.Aggregate(0.0, (total, term) => (total * t) + term);
        return t * Math.Exp((-x * x) - 1.26551223 + (t * sum));
    }
}
