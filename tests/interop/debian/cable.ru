# Action Cable without Rails: a connection that one user may not have, and a channel that gives back what it is told.
require 'action_cable'

class Connection < ActionCable::Connection::Base
  def connect
    reject_unauthorized_connection if request.params['user'] == 'nobody'
  end
end

class EchoChannel < ActionCable::Channel::Base
  def subscribed
    stream_from 'echo'
  end

  def say(data)
    ActionCable.server.broadcast('echo', { text: data['text'] })
  end

  def throw_out(data)
    connection.close(reason: data['reason'], reconnect: data['reconnect'])
  end
end

config = ActionCable.server.config
config.cable = { 'adapter' => 'async' }
config.connection_class = -> { Connection }
config.disable_request_forgery_protection = true
config.logger = Logger.new(nil)
run ActionCable.server
