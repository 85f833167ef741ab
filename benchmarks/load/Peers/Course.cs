namespace Load.Peers;

/// <summary>The run: servers by turns, A B C A B C, so that the machine's moods meet all of them alike.</summary>
internal static class Course
{
    private const int ColdStarts = 6;
    private static readonly TimeSpan Settling = TimeSpan.FromSeconds(3);

    /// <summary>Builds, starts, measures, and ends all that it has started.</summary>
    /// <exception cref="InvalidOperationException">An answer was wrong; what was found before it is in the findings.</exception>
    public static async Task RunAsync(Wish wish, Findings findings)
    {
        var scenarios = Scenarios.All.Where(wish.Wants).ToList();
        await using var field = await Field.BuildAsync(
            wish,
            wish.WantsColdStarts ? Scenarios.All : scenarios
        );
        if (wish.WantsColdStarts)
        {
            await StartColdAsync(field, findings);
        }

        if (scenarios.Count > 0)
        {
            await MeasureAsync(wish, scenarios, field, findings);
        }
    }

    private static async Task MeasureAsync(
        Wish wish,
        List<Scenario> scenarios,
        Field field,
        Findings findings
    )
    {
        foreach (var contender in field.Contenders)
        {
            await contender.StartAsync();
            await contender.SignInAsync();
        }

        await Task.Delay(Settling);
        var idle = field.Contenders.ToDictionary(one => one.Name, one => one.Figures.ResidentMebibytes);
        foreach (var scenario in scenarios)
        {
            var contenders = field.Contenders.Where(one => scenario.Contenders.Contains(one.Name)).ToList();
            await Console.Error.WriteLineAsync(
                $"{scenario.Name}: {string.Join(", ", contenders.Select(one => one.Name))}"
            );
            foreach (var contender in contenders.Where(_ => wish.WarmUp > 0))
            {
                await Measurement.TakeAsync(scenario, contender, wish.WarmUp);
            }

            for (var round = 0; round < wish.Rounds; round++)
            {
                if (scenario.Name == Scenarios.CcRs256)
                {
                    findings.Signatures.Add(await SigningRate.MeasureAsync(seconds: 2));
                }

                foreach (var contender in contenders)
                {
                    findings.Measurements.Add(await Measurement.TakeAsync(scenario, contender, wish.Seconds));
                }
            }
        }

        findings.Memory.AddRange(
            field.Contenders.Select(one => (one.Name, idle[one.Name], one.Figures.ResidentMebibytes))
        );
    }

    // The first start makes the database and brings the program into the page cache; it does not count.
    private static async Task StartColdAsync(Field field, Findings findings)
    {
        foreach (var contender in field.Contenders)
        {
            await contender.StartAsync();
            await contender.StopAsync();
            findings.ColdStarts.Add(await StartColdAsync(contender));
        }
    }

    private static async Task<ColdStart> StartColdAsync(Contender contender)
    {
        var (answers, tokens, resident) = (new List<double>(), new List<double>(), 0.0);
        for (var i = 1; i < ColdStarts; i++)
        {
            var answer = await contender.StartAsync();
            answers.Add(answer.TotalMilliseconds);
            if (contender.GivesTokens)
            {
                tokens.Add((answer + await contender.FirstTokenAsync()).TotalMilliseconds);
            }

            await Task.Delay(Settling);
            resident = contender.Figures.ResidentMebibytes;
            await contender.StopAsync();
        }

        return new ColdStart(
            contender.Name,
            new Series(answers),
            tokens.Count > 0 ? new Series(tokens) : null,
            resident
        );
    }
}
