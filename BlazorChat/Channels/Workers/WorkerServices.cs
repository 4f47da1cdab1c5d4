using BlazorChat.Channels.Layer;
using BlazorChat.Channels.Workers.Queue;
using Microsoft.AspNetCore.Hosting.Server;

namespace BlazorChat.Channels.Workers;

/// <summary>Adds worker channels and the host that runs them.</summary>
public static class WorkerServices
{
    private const int MaxConcurrency = 64;

    /// <summary>
    /// Adds a worker channel. An event that is sent to its name by <see cref="IChannelLayer.SendAsync"/> is stored as a job, and executed by a
    /// <typeparamref name="TConsumer"/> in one of the processes that run the worker.
    /// </summary>
    /// <param name="services">The services of the app.</param>
    /// <param name="name">1 to 100 of <c>A-Z a-z 0-9 . - _</c>, case-sensitive.</param>
    /// <param name="concurrency">The number of jobs that each process executes at once, 1 to 64.</param>
    /// <exception cref="GroupNameException">The name breaks the rule.</exception>
    /// <exception cref="ArgumentOutOfRangeException">The concurrency is not 1 to 64.</exception>
    /// <exception cref="ArgumentException">The consumer does not derive from <see cref="WorkerConsumer{TJob}"/>.</exception>
    public static IServiceCollection AddWorker<TConsumer>(this IServiceCollection services, string name, int concurrency = 1)
        where TConsumer : WorkerConsumer
    {
        GroupName.Check(name);
        ArgumentOutOfRangeException.ThrowIfLessThan(concurrency, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(concurrency, MaxConcurrency);
        return services.AddSingleton(new WorkerChannel(name, typeof(TConsumer), JobOf(typeof(TConsumer)), concurrency));
    }

    /// <summary>
    /// Adds the host that runs the workers in this process. With <c>worker NAME</c> on the command line the process runs that worker channel
    /// alone, and listens on no address. Call it after everything else is added: hosted services stop in reverse order, so a worker stops
    /// before the services that it uses.
    /// </summary>
    /// <returns>False when the command line names no worker channel, or Redis is missing; one line on standard error has the reason.</returns>
    internal static bool TryAddWorkerHost(this WebApplicationBuilder builder, string[] args)
    {
        builder.Services.AddWorkerHost();
        if (args is not ["worker", ..])
            return true;
        if (Refuse(builder, args) is { } refusal)
        {
            Console.Error.WriteLine(refusal);
            return false;
        }

        builder.Services.Configure<WorkerOptions>(options => options.Only = args[1]);
        builder.Services.AddSingleton<IServer, NoServer>();
        return true;
    }

    internal static IServiceCollection AddWorkerHost(this IServiceCollection services) => services.AddHostedService<WorkerHost>();

    private static string? Refuse(WebApplicationBuilder builder, string[] args)
    {
        var known = builder.Services
            .Where(service => !service.IsKeyedService)
            .Select(service => service.ImplementationInstance)
            .OfType<WorkerChannel>()
            .Select(channel => channel.Name)
            .Order(StringComparer.Ordinal)
            .ToArray();
        if (args.Length < 2 || !known.Contains(args[1]))
        {
            var names = known.Length == 0 ? "there are none" : string.Join(", ", known);
            return $"Name a worker channel: dotnet BlazorChat.dll worker NAME. The names: {names}.";
        }

        return string.IsNullOrWhiteSpace(builder.Configuration.GetConnectionString("Redis"))
            ? "A worker as a process of its own needs the setting ConnectionStrings:Redis, where its jobs are stored."
            : null;
    }

    private static Type JobOf(Type consumer)
    {
        for (var type = consumer; type is not null; type = type.BaseType)
        {
            if (type.IsGenericType && type.GetGenericTypeDefinition() == typeof(WorkerConsumer<>))
                return type.GenericTypeArguments[0];
        }

        throw new ArgumentException($"{consumer} is no WorkerConsumer of a job.");
    }
}
