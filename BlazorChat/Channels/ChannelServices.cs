namespace BlazorChat.Channels;

public static class ChannelServices
{
    public static WebApplicationBuilder AddChannels(this WebApplicationBuilder builder) => builder;
}
